// SPDX-License-Identifier: MIT
#include "net/base/displaytext.h"

#include "net/base/utf8.h"
#include "net/limits.h"

#include <QChar>

#include <algorithm>
#include <string_view>

namespace ferry {

namespace {

/// Would this character act on the text around it, rather than be seen?
bool mustEscape(char32_t c)
{
    switch (QChar::category(c)) {
    case QChar::Other_Control:       // C0, DEL, C1
    case QChar::Other_Surrogate:     // half a pair
    case QChar::Separator_Line:      // U+2028
    case QChar::Separator_Paragraph: // U+2029
        return true;
    case QChar::Other_Format: // bidirectional marks, tags, invisible operators
        // The joiners are part of the spelling of Persian, Hindi and of family emoji.
        return c != 0x200C && c != 0x200D;
    default:
        return false;
    }
}

QString hex(const char *prefix, char32_t value, int width)
{
    return QLatin1StringView(prefix) +
           QString::number(uint(value), 16).toUpper().rightJustified(width, u'0');
}

/// Collects pieces, each whole or not at all, up to the limit.
class Display
{
public:
    explicit Display(qsizetype most)
        : m_most(most)
    {
    }

    bool full() const { return m_full; }

    void addCharacter(char32_t c)
    {
        if (!mustEscape(c))
            add(QString::fromUcs4(&c, 1));
        else if (c < 0x80)
            add(hex("\\x", c, 2));
        else
            add(hex(c < 0x10000 ? "\\u" : "\\U", c, c < 0x10000 ? 4 : 8));
    }
    void addBadByte(uchar byte) { add(hex("\\x", byte, 2)); }

    QString take() { return std::move(m_text); }

private:
    void add(const QString &piece)
    {
        if (m_full)
            return;
        if (m_text.size() + piece.size() > m_most) {
            m_text += QChar(0x2026);
            m_full = true;
            return;
        }
        m_text += piece;
    }

    const qsizetype m_most;
    QString m_text;
    bool m_full = false;
};

/// Most text is plain ASCII of ordinary length, and there is one for every file of a transfer.
template <typename Text>
bool isHarmless(const Text &text, qsizetype most)
{
    return qsizetype(text.size()) <= most &&
           std::all_of(text.begin(), text.end(), [](auto c) { return c >= 0x20 && c < 0x7F; });
}

} // namespace

QString displayText(QByteArrayView bytes)
{
    return displayText(bytes, limits::displayCharacters);
}

QString displayText(QByteArrayView bytes, qsizetype mostCharacters)
{
    if (isHarmless(bytes, mostCharacters))
        return QString::fromLatin1(bytes);
    Display display(mostCharacters);
    while (!bytes.isEmpty() && !display.full()) {
        char32_t c = 0;
        const qsizetype length = decodeUtf8(bytes, c);
        if (length > 0)
            display.addCharacter(c);
        else
            display.addBadByte(uchar(bytes.front()));
        bytes = bytes.sliced(qMax<qsizetype>(length, 1));
    }
    return display.take();
}

QString displayText(const QString &text)
{
    if (isHarmless(std::u16string_view(QStringView(text).utf16(), size_t(text.size())),
                   limits::displayCharacters))
        return text;
    Display display(limits::displayCharacters);
    for (qsizetype i = 0; i < text.size() && !display.full(); ++i) {
        const QChar unit = text.at(i);
        if (unit.isHighSurrogate() && i + 1 < text.size() && text.at(i + 1).isLowSurrogate())
            display.addCharacter(QChar::surrogateToUcs4(unit, text.at(++i)));
        else
            display.addCharacter(unit.unicode());
    }
    return display.take();
}

} // namespace ferry
