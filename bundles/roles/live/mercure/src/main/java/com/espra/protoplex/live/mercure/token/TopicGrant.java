package com.espra.protoplex.live.mercure.token;

import com.espra.protoplex.live.mercure.match.Topic;
import com.espra.protoplex.live.mercure.match.TopicMatcher;
import java.util.List;

/**
 * A right that a token gives.
 *
 * @param publish whether to publish on its topics
 * @param subscribe whether to read private updates of its topics
 * @param payload what others are shown of who subscribes by it, as JSON; empty if nothing
 */
record TopicGrant(boolean publish, boolean subscribe, List<TopicMatcher> topics, String payload) {

    TopicGrant {
        topics = List.copyOf(topics);
    }

    boolean matches(Topic topic) {
        return topics.stream().anyMatch(matcher -> matcher.matches(topic));
    }
}
