<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ferry</name>
    <message numerus="yes">
        <source>%Ln more messages were not kept.</source>
        <translation>
            <numerusform>%Ln more message was not kept.</numerusform>
            <numerusform>%Ln more messages were not kept.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln clients are connected</source>
        <translation>
            <numerusform>%Ln client is connected</numerusform>
            <numerusform>%Ln clients are connected</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Waiting for the files of %Ln clients</source>
        <translation>
            <numerusform>Waiting for the files of %Ln client</numerusform>
            <numerusform>Waiting for the files of %Ln clients</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln downloads of the saved queue make no sense and were left out.</source>
        <translation>
            <numerusform>%Ln download of the saved queue makes no sense and was left out.</numerusform>
            <numerusform>%Ln downloads of the saved queue make no sense and were left out.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ferry::gui::Announcer</name>
    <message numerus="yes">
        <source>%Ln files received</source>
        <translation>
            <numerusform>%Ln file received</numerusform>
            <numerusform>%Ln files received</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ferry::gui::BlockedModel</name>
    <message numerus="yes">
        <source>%Ln wrong passwords</source>
        <translation>
            <numerusform>%Ln wrong password</numerusform>
            <numerusform>%Ln wrong passwords</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ferry::gui::DesktopPresence</name>
    <message numerus="yes">
        <source>%Ln files failed</source>
        <translation>
            <numerusform>%Ln file failed</numerusform>
            <numerusform>%Ln files failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files downloaded.</source>
        <translation>
            <numerusform>%Ln file downloaded.</numerusform>
            <numerusform>%Ln files downloaded.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files were here already.</source>
        <translation>
            <numerusform>%Ln file was here already.</numerusform>
            <numerusform>%Ln files were here already.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files sent.</source>
        <translation>
            <numerusform>%Ln file sent.</numerusform>
            <numerusform>%Ln files sent.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ferry::gui::FolderText</name>
    <message numerus="yes">
        <source>%Ln files</source>
        <translation>
            <numerusform>%Ln file</numerusform>
            <numerusform>%Ln files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ferry::gui::HistoryDialog</name>
    <message numerus="yes">
        <source>%Ln transfers</source>
        <translation>
            <numerusform>%Ln transfer</numerusform>
            <numerusform>%Ln transfers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ferry::gui::LogFind</name>
    <message numerus="yes">
        <source>%Ln matches</source>
        <translation>
            <numerusform>%Ln match</numerusform>
            <numerusform>%Ln matches</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ferry::gui::MainWindow</name>
    <message numerus="yes">
        <source>%Ln files are not done. They will start again from the beginning the next time you connect.</source>
        <translation>
            <numerusform>%Ln file is not done. It will start again from the beginning the next time you connect.</numerusform>
            <numerusform>%Ln files are not done. They will start again from the beginning the next time you connect.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files are not done. They will resume the next time you connect.</source>
        <translation>
            <numerusform>%Ln file is not done. It will resume the next time you connect.</numerusform>
            <numerusform>%Ln files are not done. They will resume the next time you connect.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ferry::gui::MessageNews</name>
    <message numerus="yes">
        <source>%Ln new messages</source>
        <translation>
            <numerusform>%Ln new message</numerusform>
            <numerusform>%Ln new messages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln messages from %1</source>
        <translation>
            <numerusform>%Ln message from %1</numerusform>
            <numerusform>%Ln messages from %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ferry::gui::People</name>
    <message numerus="yes">
        <source>%Ln people are connected and will be disconnected.</source>
        <translation>
            <numerusform>%Ln person is connected and will be disconnected.</numerusform>
            <numerusform>%Ln people are connected and will be disconnected.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln transfers are running.</source>
        <translation>
            <numerusform>%Ln transfer is running.</numerusform>
            <numerusform>%Ln transfers are running.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ferry::gui::PeopleLink</name>
    <message numerus="yes">
        <source>%Ln new messages</source>
        <translation>
            <numerusform>%Ln new message</numerusform>
            <numerusform>%Ln new messages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ferry::gui::PeopleModel</name>
    <message numerus="yes">
        <source>%Ln addresses</source>
        <translation>
            <numerusform>%Ln address</numerusform>
            <numerusform>%Ln addresses</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln visits, no login</source>
        <translation>
            <numerusform>%Ln visit, no login</numerusform>
            <numerusform>%Ln visits, no login</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln connections</source>
        <translation>
            <numerusform>%Ln connection</numerusform>
            <numerusform>%Ln connections</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ferry::gui::QueueView</name>
    <message numerus="yes">
        <source>%Ln files removed</source>
        <translation>
            <numerusform>%Ln file removed</numerusform>
            <numerusform>%Ln files removed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ferry::gui::ServerDialogs</name>
    <message numerus="yes">
        <source>%Ln addresses</source>
        <translation>
            <numerusform>%Ln address</numerusform>
            <numerusform>%Ln addresses</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ferry::gui::MessagesPane</name>
    <message numerus="yes">
        <source>%Ln earlier messages were not kept.</source>
        <translation>
            <numerusform>%Ln earlier message was not kept.</numerusform>
            <numerusform>%Ln earlier messages were not kept.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln new messages</source>
        <translation>
            <numerusform>%Ln new message</numerusform>
            <numerusform>%Ln new messages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ferry::gui::ServerWindow</name>
    <message numerus="yes">
        <source>%Ln new messages</source>
        <translation>
            <numerusform>%Ln new message</numerusform>
            <numerusform>%Ln new messages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Log of %Ln sessions</source>
        <translation>
            <numerusform>Log of %Ln session</numerusform>
            <numerusform>Log of %Ln sessions</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ferry::gui::SessionWords</name>
    <message numerus="yes">
        <source>%Ln files delivered, verified</source>
        <translation>
            <numerusform>%Ln file delivered, verified</numerusform>
            <numerusform>%Ln files delivered, verified</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files received, verified</source>
        <translation>
            <numerusform>%Ln file received, verified</numerusform>
            <numerusform>%Ln files received, verified</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files delivered</source>
        <translation>
            <numerusform>%Ln file delivered</numerusform>
            <numerusform>%Ln files delivered</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ferry::gui::StopAfter</name>
    <message numerus="yes">
        <source>stops after %Ln more downloads</source>
        <translation>
            <numerusform>stops after %Ln more download</numerusform>
            <numerusform>stops after %Ln more downloads</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ferry::gui::TalkModel</name>
    <message numerus="yes">
        <source>%Ln unread messages</source>
        <translation>
            <numerusform>%Ln unread message</numerusform>
            <numerusform>%Ln unread messages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ferry::gui::WhenDone</name>
    <message numerus="yes">
        <source>Everything is done. Ferry quits in %Ln seconds.</source>
        <translation>
            <numerusform>Everything is done. Ferry quits in %Ln second.</numerusform>
            <numerusform>Everything is done. Ferry quits in %Ln seconds.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Everything is done. The computer is suspended in %Ln seconds.</source>
        <translation>
            <numerusform>Everything is done. The computer is suspended in %Ln second.</numerusform>
            <numerusform>Everything is done. The computer is suspended in %Ln seconds.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Everything is done. The computer shuts down in %Ln seconds.</source>
        <translation>
            <numerusform>Everything is done. The computer shuts down in %Ln second.</numerusform>
            <numerusform>Everything is done. The computer shuts down in %Ln seconds.</numerusform>
        </translation>
    </message>
</context>
</TS>
