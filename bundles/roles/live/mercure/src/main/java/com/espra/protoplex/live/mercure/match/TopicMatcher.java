package com.espra.protoplex.live.mercure.match;

import java.util.function.Predicate;

/**
 * Selects topics: for a subscription, and in a token.
 *
 * <p>Threads: safe, it never changes.
 */
public final class TopicMatcher {

    /** Matches everything, whatever the type. */
    public static final String EVERYTHING = "*";

    private final MatcherType type;
    private final String pattern;
    private final int states;
    private final Predicate<Topic> test;

    private TopicMatcher(MatcherType type, String pattern, int states, Predicate<Topic> test) {
        this.type = type;
        this.pattern = pattern;
        this.states = states;
        this.test = test;
    }

    static TopicMatcher of(MatcherType type, String pattern, WebUrl hub) throws MatcherSyntaxException {
        if (pattern.equals(EVERYTHING)) {
            return new TopicMatcher(type, pattern, 0, _ -> true);
        }
        return switch (type) {
            case EXACT -> exact(type, pattern);
            case URLPATTERN -> {
                UrlPattern url = new UrlPattern(pattern, hub);
                yield new TopicMatcher(
                        type,
                        pattern,
                        url.states(),
                        topic -> topic.url().filter(url::matches).isPresent());
            }
            case TEMPLATE -> template(type, pattern);
        };
    }

    private static TopicMatcher exact(MatcherType type, String pattern) {
        return new TopicMatcher(type, pattern, 0, topic -> topic.name().equals(pattern));
    }

    private static TopicMatcher template(MatcherType type, String pattern) throws MatcherSyntaxException {
        if (!UriTemplate.isTemplate(pattern)) {
            return exact(type, pattern);
        }
        UriTemplate template = UriTemplate.of(pattern);
        return new TopicMatcher(
                type,
                pattern,
                template.states(),
                topic -> topic.name().equals(pattern) || template.matches(topic.name()));
    }

    /** What it takes of memory, and of time for each character of a topic, about: 0 if it only compares; each some 100 bytes. */
    public int states() {
        return states;
    }

    public MatcherType type() {
        return type;
    }

    /** As it was written. */
    public String pattern() {
        return pattern;
    }

    public boolean isEverything() {
        return pattern.equals(EVERYTHING);
    }

    public boolean matches(Topic topic) {
        return test.test(topic);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicMatcher that && type == that.type && pattern.equals(that.pattern);
    }

    @Override
    public int hashCode() {
        return 31 * type.hashCode() + pattern.hashCode();
    }

    @Override
    public String toString() {
        return type.text() + ' ' + pattern;
    }
}
