package com.espra.protoplex.seed.web;

import com.espra.protoplex.seed.rollout.GateRule;
import com.espra.protoplex.seed.rollout.Portion;
import com.espra.protoplex.seed.rollout.RolloutPlan;
import com.espra.protoplex.seed.rollout.RolloutPlanException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a request says of waves: its member {@code rollout}. */
final class RolloutWish {

    private static final Set<String> KEYS = Set.of("waves", "bakeSeconds", "maxUnavailable", "deadlineSeconds", "gate");
    private static final Set<String> GATE_KEYS = Set.of("on", "leastRequests", "errorPoints", "slower");

    private RolloutWish() {}

    /**
     * The plan; empty if nothing is said of it.
     *
     * @throws Problem 422 if it does not hold together, 400 if it is not understood
     */
    static Optional<RolloutPlan> of(JsonNode body) throws Problem {
        JsonNode wish = body.path("rollout");
        if (wish.isMissingNode()) {
            return Optional.empty();
        }
        if (!wish.isObject()) {
            throw new Problem(400, "'rollout' is not an object", "write {\"waves\": [\"canary\", \"100%\"]}");
        }
        known("rollout", wish, KEYS);
        List<String> waves = new ArrayList<>();
        for (JsonNode wave : wish.path("waves")) {
            if (!wave.isTextual()) {
                throw new Problem(400, "a wave is not a string", "write each as one, such as \"25%\"");
            }
            waves.add(wave.textValue());
        }
        try {
            JsonNode most = wish.path("maxUnavailable");
            Portion portion = most.isMissingNode()
                    ? Portion.ANY
                    : Portion.parse(most.asText(), "number of nodes that may be unavailable");
            return Optional.of(RolloutPlan.of(
                    waves,
                    seconds(wish, "bakeSeconds"),
                    portion,
                    seconds(wish, "deadlineSeconds"),
                    gate(wish.path("gate"), seconds(wish, "bakeSeconds") > 0)));
        } catch (RolloutPlanException e) {
            throw new Problem(422, String.valueOf(e.getMessage()), e.remedy()).because(e);
        }
    }

    /** Requests are looked at whenever there is a time to look at them, unless somebody says otherwise. */
    private static GateRule gate(JsonNode wish, boolean bakes) throws Problem {
        known("gate", wish, GATE_KEYS);
        if (!wish.path("on").asBoolean(bakes)) {
            return GateRule.OFF;
        }
        GateRule standard = GateRule.STANDARD;
        return new GateRule(
                true,
                wish.path("leastRequests").asInt(standard.leastRequests()),
                wish.path("errorPoints").asDouble(standard.errorPoints()),
                wish.path("slower").asDouble(standard.slower()));
    }

    private static int seconds(JsonNode wish, String name) throws Problem {
        JsonNode value = wish.path(name);
        if (!value.isMissingNode() && !value.canConvertToInt()) {
            throw new Problem(400, "'" + name + "' is not a number of seconds", "write a whole number");
        }
        return value.asInt(0);
    }

    private static void known(String what, JsonNode wish, Set<String> keys) throws Problem {
        for (String key :
                wish.properties().stream().map(java.util.Map.Entry::getKey).toList()) {
            if (!keys.contains(key)) {
                throw new Problem(
                        400,
                        "'" + what + "' has no member '" + key + "'",
                        "it has " + String.join(", ", keys.stream().sorted().toList()));
            }
        }
    }
}
