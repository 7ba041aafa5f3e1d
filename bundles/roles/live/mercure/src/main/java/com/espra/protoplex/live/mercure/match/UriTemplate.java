package com.espra.protoplex.live.mercure.match;

import com.google.re2j.Pattern;
import java.util.regex.Matcher;

/**
 * A URI template (RFC 6570) as what it may be expanded to: how the hubs of before 1.0 select topics.
 *
 * <p>Threads: safe, it never changes.
 */
final class UriTemplate {

    private static final java.util.regex.Pattern EXPRESSION =
            java.util.regex.Pattern.compile("\\{([+#./;?&]?)([^{}]*)\\}");
    private static final java.util.regex.Pattern VARIABLE = java.util.regex.Pattern.compile(
            "((?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})(?:\\.?(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2}))*)(\\*|:[1-9]\\d{0,3})?");

    private static final String UNRESERVED = "(?:[A-Za-z0-9._~,-]|%[0-9A-Fa-f][0-9A-Fa-f])";
    private static final String RESERVED = "(?:[A-Za-z0-9._~,:/?#\\[\\]@!$&'()*+;=-]|%[0-9A-Fa-f][0-9A-Fa-f])";

    private final LinearPattern pattern;

    private UriTemplate(LinearPattern pattern) {
        this.pattern = pattern;
    }

    static boolean isTemplate(String text) {
        return text.indexOf('{') >= 0;
    }

    static UriTemplate of(String template) throws MatcherSyntaxException {
        StringBuilder regexp = new StringBuilder();
        Matcher expression = EXPRESSION.matcher(template);
        int at = 0;
        while (expression.find()) {
            literal(template.substring(at, expression.start()), regexp);
            expression(expression.group(1), expression.group(2), regexp);
            at = expression.end();
        }
        literal(template.substring(at), regexp);
        return new UriTemplate(LinearPatterns.compile(regexp.toString()));
    }

    private static void literal(String text, StringBuilder regexp) throws MatcherSyntaxException {
        if (text.indexOf('{') >= 0 || text.indexOf('}') >= 0) {
            throw new MatcherSyntaxException("a brace of a URI template is alone: '" + text + "'");
        }
        if (!text.isEmpty()) {
            regexp.append(Pattern.quote(text));
        }
    }

    /** RFC 6570, appendix A: what each operator writes first, between, and whether it writes names. */
    private static void expression(String operator, String variables, StringBuilder regexp)
            throws MatcherSyntaxException {
        String first = operator.equals("+") ? "" : operator;
        String separator = switch (operator) {
            case "", "+", "#" -> ",";
            case "?", "&" -> "&";
            default -> operator;
        };
        boolean named = operator.equals(";") || operator.equals("?") || operator.equals("&");
        String unit = operator.equals("+") || operator.equals("#") ? RESERVED : UNRESERVED;
        String[] all = variables.split(",", -1);
        regexp.append("(?:").append(first.isEmpty() ? "" : Pattern.quote(first));
        for (int i = 0; i < all.length; i++) {
            regexp.append(i == 0 ? "" : "(?:" + Pattern.quote(separator));
            variable(all[i], unit, separator, named, regexp);
        }
        regexp.append(")?".repeat(all.length - 1)).append(first.isEmpty() ? ")" : ")?");
    }

    private static void variable(String text, String unit, String separator, boolean named, StringBuilder regexp)
            throws MatcherSyntaxException {
        Matcher variable = VARIABLE.matcher(text);
        if (!variable.matches()) {
            throw new MatcherSyntaxException("'" + text + "' is no variable of a URI template");
        }
        boolean explode = "*".equals(variable.group(2));
        // How much of a value is written, {var:3}, is no bound here: an escape is of one or of three characters.
        String value = named && !explode ? Pattern.quote(variable.group(1)) + "(?:=" + unit + "*)?" : unit + "*";
        if (!explode) {
            regexp.append(value);
            return;
        }
        String item = "(?:" + unit + "|=)*";
        regexp.append(item)
                .append("(?:")
                .append(Pattern.quote(separator))
                .append(item)
                .append(")*");
    }

    int states() {
        return pattern.states();
    }

    boolean matches(String topic) {
        return pattern.matches(topic);
    }
}
