package com.espra.protoplex.live.mercure.match;

import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The topics and matchers of one hub, which are read against its URL.
 *
 * <p>Threads: safe, it never changes.
 */
public final class TopicSpace {

    /** How many characters a topic may have. */
    public static final int LONGEST_TOPIC = 1024;

    /** How many characters a matcher may have. */
    public static final int LONGEST_MATCHER = 1024;

    private static final Pattern UNRESERVED =
            Pattern.compile("%(2[dDeE]|3[0-9]|4[1-9a-fA-F]|5[0-9aAfF]|6[1-9a-fA-F]|7[0-9aAeE])");

    private final WebUrl hub;
    private final String path;

    /**
     * Of the hub of this URL.
     *
     * @throws IllegalArgumentException if it is no absolute URL of HTTP
     */
    public TopicSpace(String hub) {
        Optional<WebUrl> parsed = WebUrl.parse(hub, null);
        this.hub = parsed.filter(
                        url -> url.protocol().equals("https") || url.protocol().equals("http"))
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + hub + "' is no URL of a hub: https://example.com/.well-known/mercure"));
        path = normal(this.hub.pathname());
    }

    /** The path of the hub's URL. */
    public String path() {
        return path;
    }

    /**
     * A topic that a client names.
     *
     * @throws MatcherSyntaxException if it is empty, too long, or has characters that no topic may have
     */
    public Topic topic(String name) throws MatcherSyntaxException {
        if (name.isEmpty()) {
            throw new MatcherSyntaxException("a topic is empty");
        }
        check("topic", name, LONGEST_TOPIC);
        return own(name);
    }

    /** A topic of the hub itself. */
    public Topic own(String name) {
        return new Topic(name, WebUrl.parse(name, hub));
    }

    public TopicMatcher matcher(MatcherType type, String pattern) throws MatcherSyntaxException {
        check("matcher", pattern, LONGEST_MATCHER);
        return TopicMatcher.of(type, pattern, hub);
    }

    private static void check(String what, String text, int longest) throws MatcherSyntaxException {
        if (text.length() > longest) {
            throw new MatcherSyntaxException("a " + what + " has " + text.length() + " characters: at most " + longest);
        }
        if (!VisibleLine.is(text)) {
            throw new MatcherSyntaxException("a " + what + " has control or format characters, or is not UTF-8");
        }
    }

    /** Whether the topic is one of those that the hub alone publishes on, however it is written. */
    public boolean isReserved(Topic topic) {
        String named = topic.url().map(url -> normal(url.pathname())).orElse("");
        return named.equals(path) || named.startsWith(path.endsWith("/") ? path : path + "/");
    }

    /** Without the escapes that need not be (RFC 3986, section 6.2.2.2). */
    private static String normal(String path) {
        return UNRESERVED.matcher(path).replaceAll(TopicSpace::character);
    }

    private static String character(MatchResult escape) {
        return java.util.regex.Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 16)));
    }
}
