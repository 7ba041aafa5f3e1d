package com.espra.protoplex.fleet.client;

/** Text of strangers, for a terminal: names, versions, addresses and messages may hold what a terminal takes for a command. */
public final class PlainText {

    private PlainText() {}

    /** The text with what is not printed as it stands written out, such as {@code \u001b}; line ends and tabs stay. */
    public static String of(String text) {
        if (text.chars().noneMatch(PlainText::isCommand)) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length() + 16);
        text.chars().forEach(c -> {
            if (isCommand(c)) {
                plain.append(String.format("\\u%04x", c));
            } else {
                plain.append((char) c);
            }
        });
        return plain.toString();
    }

    /** The same on one line, for a cell of a table. */
    public static String line(String text) {
        return of(text).replace("\n", "\\n").replace("\t", " ");
    }

    /** Control characters, and those that turn the direction of text or end a line unseen. */
    private static boolean isCommand(int c) {
        boolean layout = c == '\n' || c == '\t';
        boolean direction = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029;
        return !layout && (Character.isISOControl(c) || direction);
    }
}
