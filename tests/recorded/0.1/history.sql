PRAGMA user_version=1;
BEGIN TRANSACTION;
CREATE TABLE deliveries(id INTEGER PRIMARY KEY, began INTEGER, ended INTEGER, address TEXT, account TEXT, client TEXT, encrypted INTEGER, file TEXT, size INTEGER, sent INTEGER, outcome INTEGER, why TEXT, search TEXT);
INSERT INTO "deliveries" VALUES(1,1796040433637,1796040433697,'127.0.0.1','ferry','Ferry/0.1.0',1,'/pub/hello.txt',6,6,0,NULL,'/pub/hello.txt
127.0.0.1
ferry
ferry/0.1.0');
INSERT INTO "deliveries" VALUES(2,1796040435765,1796040435828,'127.0.0.1','anna','Ferry/0.1.0',1,'/pub/sub/two.txt',4,4,0,NULL,'/pub/sub/two.txt
127.0.0.1
anna
ferry/0.1.0');
INSERT INTO "deliveries" VALUES(3,1796040436339,1796040436342,'127.0.0.1','ferry','Ferry/0.1.0',1,'/pub/sub/two.txt',4,4,0,NULL,'/pub/sub/two.txt
127.0.0.1
ferry
ferry/0.1.0');
COMMIT;
