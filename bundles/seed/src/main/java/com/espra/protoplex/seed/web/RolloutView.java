package com.espra.protoplex.seed.web;

import com.espra.protoplex.seed.rollout.Rollout;
import com.espra.protoplex.seed.rollout.RolloutPlan;
import com.espra.protoplex.seed.rollout.Wave;
import com.espra.protoplex.seed.state.Deployment;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** The JSON of a rollout, as docs/openapi.yaml describes it. */
final class RolloutView {

    private RolloutView() {}

    static ObjectNode of(Deployment deployment) {
        Rollout rollout = deployment.rollout();
        RolloutPlan plan = rollout.plan();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("state", rollout.state().word());
        plan.waves().stream().map(Wave::text).forEach(json.putArray("waves")::add);
        json.put("wave", rollout.wave() + 1);
        json.put(
                "told",
                deployment.nodes().keySet().stream().filter(rollout::tells).count());
        json.put("bakeSeconds", plan.bakeSeconds());
        json.put("bakesUntil", bakesUntil(rollout));
        json.put("maxUnavailable", plan.maxUnavailable().text());
        json.put(
                "deadline",
                plan.deadlineSeconds() == 0
                        ? ""
                        : deployment.begun().plusSeconds(plan.deadlineSeconds()).toString());
        json.put("gate", plan.gate().on());
        json.put("word", rollout.word());
        return json;
    }

    private static String bakesUntil(Rollout rollout) {
        return rollout.baking().equals(Instant.EPOCH)
                ? ""
                : rollout.baking().plusSeconds(rollout.plan().bakeSeconds()).toString();
    }
}
