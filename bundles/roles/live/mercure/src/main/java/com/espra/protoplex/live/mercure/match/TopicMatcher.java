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
    private final Predicate<Topic> test;

    private TopicMatcher(MatcherType type, String pattern, Predicate<Topic> test) {
        this.type = type;
        this.pattern = pattern;
        this.test = test;
    }

    static TopicMatcher of(MatcherType type, String pattern, WebUrl hub) throws MatcherSyntaxException {
        if (pattern.equals(EVERYTHING)) {
            return new TopicMatcher(type, pattern, topic -> true);
        }
        return new TopicMatcher(
                type,
                pattern,
                switch (type) {
                    case EXACT -> exact(pattern);
                    case URLPATTERN -> {
                        UrlPattern compiled = new UrlPattern(pattern, hub);
                        yield topic -> topic.url().filter(compiled::matches).isPresent();
                    }
                    case TEMPLATE -> template(pattern);
                });
    }

    private static Predicate<Topic> exact(String pattern) {
        return topic -> topic.name().equals(pattern);
    }

    private static Predicate<Topic> template(String pattern) throws MatcherSyntaxException {
        if (!UriTemplate.isTemplate(pattern)) {
            return exact(pattern);
        }
        UriTemplate template = UriTemplate.of(pattern);
        return exact(pattern).or(topic -> template.matches(topic.name()));
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
