package com.espra.protoplex.cli.text;

/** Text in lines that fit. */
public final class Wrapped {

    private static final String INDENT = "    ";
    private static final int LEAST = 24;

    private Wrapped() {}

    /** The text, broken between words; lines that follow are indented. Nothing is broken where the width is not known. */
    public static String to(int columns, String text) {
        if (columns < LEAST) {
            return text;
        }
        StringBuilder wrapped = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            if (!wrapped.isEmpty()) {
                wrapped.append('\n');
            }
            wrap(columns, line, wrapped);
        }
        return wrapped.toString();
    }

    private static void wrap(int columns, String line, StringBuilder wrapped) {
        int column = 0;
        for (String word : line.split("(?<=\\S) ", -1)) {
            int length = word.replaceAll("\u001b\\[\\d+m", "").length();
            if (column > 0 && column + 1 + length > columns) {
                wrapped.append('\n').append(INDENT);
                column = INDENT.length();
            } else if (column > 0) {
                wrapped.append(' ');
                column++;
            }
            wrapped.append(word);
            column += length;
        }
    }
}
