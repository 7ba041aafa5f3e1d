package com.espra.protoplex.cli;

import java.io.PrintWriter;

/**
 * Where a command prints. Colours and bars are for terminals only; everything else gets plain lines.
 *
 * @param out standard output
 * @param err standard error
 * @param terminal whether standard output is a terminal
 * @param colour whether colours may be used
 */
public record Console(PrintWriter out, PrintWriter err, boolean terminal, boolean colour) {

    /** A line on standard output, there at once. */
    public void line(String text) {
        out.println(text);
        out.flush();
    }

    /** A line on standard error, there at once. */
    public void note(String text) {
        err.println(text);
        err.flush();
    }

    /** What went wrong, and what to do next. */
    public void problem(String what, String next) {
        err.println(paint("31", "protoplex:") + " " + what);
        if (!next.isEmpty()) {
            err.println(paint("2", "  next:") + " " + next);
        }
        err.flush();
    }

    /** Marks what matters. */
    public String bold(String text) {
        return paint("1", text);
    }

    /** Marks what is well. */
    public String good(String text) {
        return paint("32", text);
    }

    /** Marks what is not well. */
    public String bad(String text) {
        return paint("31", text);
    }

    /** Marks what matters less. */
    public String faint(String text) {
        return paint("2", text);
    }

    private String paint(String code, String text) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
