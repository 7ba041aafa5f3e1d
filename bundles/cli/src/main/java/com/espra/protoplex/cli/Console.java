package com.espra.protoplex.cli;

import com.espra.protoplex.cli.text.Wrapped;
import com.espra.protoplex.fleet.client.PlainText;
import java.io.PrintWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a command prints. Colours and bars are for terminals only; everything else gets plain lines. Whatever a stranger may have
 * written goes out through here, and cannot command the terminal.
 *
 * @param out standard output
 * @param err standard error
 * @param terminal whether standard output is a terminal on which a line may be written over
 * @param colour whether colours may be used
 * @param columns how wide the terminal is; 0 when there is none, or it does not say
 * @param command how this command is typed: {@code protoplex} or {@code ./protoplex}
 */
public record Console(PrintWriter out, PrintWriter err, boolean terminal, boolean colour, int columns, String command) {

    private static final Pattern COLOUR = Pattern.compile("\u001b\\[(?:0|1|2|31|32)m");
    private static final Pattern HINT = Pattern.compile("(?<![\\w/.-])(?:\\./)?protoplex (?=[a-z-])");

    /** Of a terminal that does not say how wide it is. */
    public Console(PrintWriter out, PrintWriter err, boolean terminal, boolean colour) {
        this(out, err, terminal, colour, 0, "protoplex");
    }

    /** A line on standard output, there at once. */
    public void line(String text) {
        out.println(plain(text));
        out.flush();
    }

    /** A line on standard error, there at once. */
    public void note(String text) {
        err.println(plain(text));
        err.flush();
    }

    /** What went wrong, and what to do next. */
    public void problem(String what, String next) {
        err.println(plain(Wrapped.to(columns, paint("31", "protoplex:") + " " + hint(what))));
        if (!next.isEmpty()) {
            err.println(plain(Wrapped.to(columns, paint("2", "  next:") + " " + hint(next))));
        }
        err.flush();
    }

    /** The commands in a text as they can be typed here. */
    public String hint(String text) {
        return HINT.matcher(text).replaceAll(Matcher.quoteReplacement(command + " "));
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
        return colour ? "\u001b[" + code + "m" + PlainText.of(text) + "\u001b[0m" : text;
    }

    private String plain(String text) {
        if (!colour) {
            return PlainText.of(text);
        }
        StringBuilder plain = new StringBuilder();
        Matcher colours = COLOUR.matcher(text);
        int from = 0;
        while (colours.find()) {
            plain.append(PlainText.of(text.substring(from, colours.start()))).append(colours.group());
            from = colours.end();
        }
        return plain.append(PlainText.of(text.substring(from))).toString();
    }
}
