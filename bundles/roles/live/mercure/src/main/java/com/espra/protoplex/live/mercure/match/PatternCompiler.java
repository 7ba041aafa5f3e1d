package com.espra.protoplex.live.mercure.match;

import com.espra.protoplex.live.mercure.match.PatternToken.Kind;
import com.google.re2j.Pattern;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes one part of a URL pattern a regular expression (WHATWG URL Pattern, sections 2.1.8 and 2.2), for an engine that needs time linear in
 * what it reads.
 *
 * <p>Threads: one.
 */
final class PatternCompiler {

    private static final String EVERYTHING = "(?s:.*)";
    private static final String ANYTHING = "(?:" + EVERYTHING + ")";

    private final PatternPart part;
    private final boolean opaque;
    private final List<PatternToken> tokens;
    private final StringBuilder regexp = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private boolean isText = true;
    private final StringBuilder fixed = new StringBuilder();
    private final Set<String> names = new HashSet<>();
    private int at;

    private PatternCompiler(PatternPart part, String pattern, boolean opaque) throws MatcherSyntaxException {
        this.part = part;
        this.opaque = opaque;
        tokens = PatternTokens.of(pattern, false);
    }

    static LinearPattern compile(PatternPart part, String pattern, boolean opaque) throws MatcherSyntaxException {
        PatternCompiler compiler = new PatternCompiler(part, pattern, opaque);
        compiler.parts();
        String regexp = compiler.regexp.toString();
        if (compiler.isText) {
            return LinearPattern.text(compiler.text.toString());
        }
        return regexp.equals(ANYTHING) ? LinearPattern.ANYTHING : LinearPatterns.compile(regexp);
    }

    private void parts() throws MatcherSyntaxException {
        while (true) {
            PatternToken character = take(Kind.CHARACTER);
            PatternToken name = take(Kind.NAME);
            PatternToken group = group(name);
            if (name != null || group != null) {
                String prefix = character == null ? "" : character.value();
                if (!prefix.isEmpty() && !prefix.equals(part.prefix(opaque))) {
                    fixed.append(prefix);
                    prefix = "";
                }
                flush();
                add(prefix, name, group, "", modifier());
                continue;
            }
            PatternToken text = character == null ? take(Kind.ESCAPED) : character;
            if (text != null) {
                fixed.append(text.value());
            } else if (take(Kind.OPEN) != null) {
                braces();
            } else {
                flush();
                need(Kind.END);
                return;
            }
        }
    }

    private void braces() throws MatcherSyntaxException {
        String prefix = text();
        PatternToken name = take(Kind.NAME);
        PatternToken group = group(name);
        String suffix = text();
        need(Kind.CLOSE);
        add(prefix, name, group, suffix, modifier());
    }

    private @Nullable PatternToken take(Kind kind) {
        PatternToken next = tokens.get(at);
        if (next.kind() != kind) {
            return null;
        }
        at += kind == Kind.END ? 0 : 1;
        return next;
    }

    private void need(Kind kind) throws MatcherSyntaxException {
        if (take(kind) == null) {
            PatternToken token = tokens.get(at);
            throw new MatcherSyntaxException(
                    "'" + token.value() + "' is not expected at " + token.index() + " of the " + part);
        }
    }

    private @Nullable PatternToken group(@Nullable PatternToken name) {
        PatternToken group = take(Kind.REGEXP);
        return group == null && name == null ? take(Kind.ASTERISK) : group;
    }

    private String modifier() {
        PatternToken modifier = take(Kind.MODIFIER);
        if (modifier == null) {
            modifier = take(Kind.ASTERISK);
        }
        return modifier == null ? "" : modifier.value();
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        while (true) {
            PatternToken next = take(Kind.CHARACTER);
            if (next == null) {
                next = take(Kind.ESCAPED);
            }
            if (next == null) {
                return text.toString();
            }
            text.append(next.value());
        }
    }

    private void flush() throws MatcherSyntaxException {
        if (!fixed.isEmpty()) {
            regexp.append(quoted(fixed.toString()));
            text.append(part.canonical(fixed.toString(), opaque));
            fixed.setLength(0);
        }
    }

    private String quoted(String text) throws MatcherSyntaxException {
        return Pattern.quote(part.canonical(text, opaque));
    }

    private void add(
            String prefix, @Nullable PatternToken name, @Nullable PatternToken group, String suffix, String modifier)
            throws MatcherSyntaxException {
        if (name == null && group == null) {
            if (modifier.isEmpty()) {
                fixed.append(prefix);
                return;
            }
            flush();
            if (!prefix.isEmpty()) {
                isText = false;
                regexp.append("(?:").append(quoted(prefix)).append(')').append(modifier);
            }
            return;
        }
        flush();
        isText = false;
        if (name != null && !names.add(name.value())) {
            throw new MatcherSyntaxException("the name '" + name.value() + "' stands twice in the " + part);
        }
        String content = "(?:" + content(group) + ")";
        String before = quoted(prefix);
        String after = quoted(suffix);
        boolean repeats = modifier.equals("*") || modifier.equals("+");
        if (before.isEmpty() && after.isEmpty()) {
            regexp.append(content).append(modifier);
        } else if (repeats) {
            regexp.append("(?:" + before + content + "(?:" + after + before + content + ")*" + after + ")")
                    .append(modifier.equals("*") ? "?" : "");
        } else {
            regexp.append("(?:" + before + content + after + ")").append(modifier);
        }
    }

    private String content(@Nullable PatternToken group) {
        if (group == null) {
            String delimiter = part.delimiter(opaque);
            return delimiter.isEmpty() ? "(?s:.+)" : "[^" + delimiter + "]+";
        }
        return group.kind() == Kind.ASTERISK ? EVERYTHING : group.value();
    }
}
