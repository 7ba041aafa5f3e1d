package com.espra.protoplex.files.upload.ledger;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Types of content by their grammar (RFC 9110, 8.3.1): exactly one, and nothing that a browser would read as another one. Types whose content a
 * browser runs are for tokens that name them.
 */
public final class ContentTypes {

    /** What a browser may run as a program of the host that serves it. */
    private static final Set<String> ACTIVE = Set.of(
            "text/html",
            "application/xhtml+xml",
            "image/svg+xml",
            "text/xml",
            "application/xml",
            "text/xsl",
            "application/xslt+xml",
            "multipart/related",
            "multipart/x-mixed-replace",
            "message/rfc822");

    private static final int LONGEST = 255;
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}";
    private static final String QUOTED = "\"(?:[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\\x20-\\x7e]){0,200}\"";
    private static final Pattern TYPE = Pattern.compile("(" + TOKEN + "/" + TOKEN + ")((?:[ \\t]{0,9};[ \\t]{0,9}"
            + TOKEN + "=(?:" + TOKEN + "|" + QUOTED + ")){0,9})");
    private static final Pattern ALLOWED = Pattern.compile("\\*|" + TOKEN + "/" + TOKEN);

    private ContentTypes() {}

    /** The type with its parameters, in lower case up to them; empty if the text is not exactly one. */
    public static Optional<String> parse(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        Matcher matcher = TYPE.matcher(text.strip());
        if (!matcher.matches() || matcher.group(1).contains("*")) {
            return Optional.empty();
        }
        return Optional.of(matcher.group(1).toLowerCase(Locale.ROOT) + matcher.group(2));
    }

    /** Without parameters, in lower case. */
    static String bare(String contentType) {
        int semicolon = contentType.indexOf(';');
        return (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    /** Whether a browser may run it: only a token that names it, or has {@code *}, is good for it. */
    static boolean isActive(String bare) {
        return ACTIVE.contains(bare) || bare.endsWith("+xml");
    }

    /**
     * What a token is for: {@code image/png}, {@code image/*}, or {@code *} for everything.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static String requireAllowed(String text) {
        String allowed = text.strip().toLowerCase(Locale.ROOT);
        int star = allowed.indexOf('*');
        if (!ALLOWED.matcher(allowed).matches()
                || (star >= 0 && !allowed.equals("*") && (star != allowed.length() - 1 || !allowed.endsWith("/*")))) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no type of content: use image/png, image/*, or * for everything");
        }
        return allowed;
    }
}
