# SPDX-License-Identifier: MIT
# Precompiled headers, shared: most of a file's compile time is Qt's and the library's headers
# (docs/decisions/0019). Each is compiled once per build and used by all targets of its kind:
#
#   core          engines and command lines
#   widgets       windows
#   core_test     tests of the first
#   widgets_test  tests of the second
#
# wire has none: it stays small, and it has to name what it includes. A compiler takes a precompiled
# header only for the flags that it was made with, so every target of a kind links ferry_options and
# at least the Qt modules below. A file still includes what it uses:
# tests/integration/used_headers.py looks.

set(ferry_core_headers <algorithm> <array> <atomic> <cerrno> <chrono> <condition_variable> <cstring>
    <deque> <functional> <limits> <map> <memory> <mutex> <optional> <set> <string> <system_error>
    <thread> <utility> <variant> <vector>
    <QByteArray> <QByteArrayList> <QByteArrayView> <QCoreApplication> <QDateTime> <QDeadlineTimer> <QDir>
    <QElapsedTimer> <QFile> <QFileInfo> <QHash> <QHostAddress> <QList> <QMutex> <QObject> <QSet>
    <QString> <QStringList> <QTimer> <QVariant>)
set(ferry_widgets_headers ${ferry_core_headers}
    <QAbstractTableModel> <QAction> <QApplication> <QClipboard> <QComboBox> <QDialog>
    <QDialogButtonBox> <QFormLayout> <QHBoxLayout> <QHeaderView> <QIcon> <QKeyEvent> <QLabel>
    <QLineEdit> <QLocale> <QMainWindow> <QMenu> <QMenuBar> <QMimeData> <QPainter> <QPushButton>
    <QSettings> <QSortFilterProxyModel> <QSplitter> <QStyledItemDelegate> <QToolButton> <QTreeView>
    <QVBoxLayout> <QWidget>)
set(ferry_test_headers <QProcess> <QRandomGenerator> <QSignalSpy> <QTemporaryDir> <QTest>)

# ferry_precompile(TARGET KIND)
function(ferry_precompile target kind)
    set(holder ferry_precompiled_${kind})
    if(NOT TARGET ${holder})
        set(headers ${ferry_core_headers})
        set(modules Qt6::Core Qt6::Network)
        if(kind MATCHES "widgets")
            set(headers ${ferry_widgets_headers})
            list(APPEND modules Qt6::Widgets)
        endif()
        if(kind MATCHES "test")
            list(APPEND headers ${ferry_test_headers})
            list(APPEND modules Qt6::Test)
        endif()
        set(nothing "${CMAKE_BINARY_DIR}/precompiled/nothing.cpp")
        if(NOT EXISTS "${nothing}")
            file(WRITE "${nothing}" "// A precompiled header belongs to a target, a target has a file.\n")
        endif()
        add_library(${holder} OBJECT EXCLUDE_FROM_ALL "${nothing}")
        target_link_libraries(${holder} PRIVATE ${modules} ferry_options)
        if(kind MATCHES "test")
            target_link_libraries(${holder} PRIVATE ferry_test_options)
        endif()
        target_precompile_headers(${holder} PRIVATE ${headers})
    endif()
    target_precompile_headers(${target} REUSE_FROM ${holder})
endfunction()
