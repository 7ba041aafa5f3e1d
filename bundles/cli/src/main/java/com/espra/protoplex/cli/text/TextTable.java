package com.espra.protoplex.cli.text;

import com.espra.protoplex.cli.Console;
import com.espra.protoplex.fleet.client.PlainText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows in columns that are as wide as they must be, and as they can be. */
public final class TextTable {

    private static final String GAP = "  ";
    private static final int NARROWEST = 8;

    private final List<List<String>> rows = new ArrayList<>();

    /** @param heads what stands above the columns */
    public TextTable(String... heads) {
        rows.add(List.of(heads));
    }

    /** Adds a row. */
    public void row(Object... cells) {
        rows.add(Arrays.stream(cells)
                .map(cell -> PlainText.line(String.valueOf(cell)))
                .toList());
    }

    /** Prints it. */
    public void print(Console console) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        fit(widths, console.columns());
        for (int r = 0; r < rows.size(); r++) {
            String line = line(rows.get(r), widths);
            console.line(r == 0 ? console.faint(line) : line);
        }
    }

    /** On a narrow terminal the widest columns give way. */
    private static void fit(int[] widths, int columns) {
        int free = columns - Arrays.stream(widths).sum() - GAP.length() * (widths.length - 1);
        while (columns > 0 && free < 0) {
            int widest = 0;
            for (int i = 1; i < widths.length; i++) {
                widest = widths[i] > widths[widest] ? i : widest;
            }
            if (widths[widest] <= NARROWEST) {
                return;
            }
            widths[widest]--;
            free++;
        }
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = row.get(i);
            String shown = cell.length() <= widths[i] ? cell : cell.substring(0, widths[i] - 1) + "\u2026";
            line.append(shown).repeat(" ", widths[i] - shown.length()).append(GAP);
        }
        return line.toString().stripTrailing();
    }
}
