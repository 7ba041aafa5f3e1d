package com.espra.protoplex.seed.deploy;

import com.espra.protoplex.seed.rollout.RolloutEvent;
import java.util.Optional;

/**
 * What the gate of a wave says.
 *
 * @param event what follows; empty while the nodes of the wave are watched
 * @param word for people; may be empty
 */
record GateAnswer(Optional<RolloutEvent> event, String word) {

    static final GateAnswer NOT_YET = new GateAnswer(Optional.empty(), "");

    static GateAnswer of(RolloutEvent event, String word) {
        return new GateAnswer(Optional.of(event), word);
    }
}
