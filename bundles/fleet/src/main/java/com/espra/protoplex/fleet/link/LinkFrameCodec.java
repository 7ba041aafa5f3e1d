package com.espra.protoplex.fleet.link;

import com.espra.protoplex.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/** Frames as the text of WebSocket messages, and back. */
public final class LinkFrameCodec {

    /** The largest frame: 1 MiB, in characters and in bytes. */
    public static final int MAX_FRAME = 1024 * 1024;

    private static final ObjectReader READER = Json.OTHER_VERSION
            .with(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .with(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);

    /** Nodes and Seeds of two versions meet in every upgrade of a fleet: what an older one does not say, by the type of the frame. */
    private static final Map<String, Map<String, JsonNode>> UNSAID = Map.of(
            "actual",
            Map.of(
                    "health",
                    Json.MAPPER.valueToTree(LinkFrame.Health.GOOD),
                    "upgrades",
                    Json.MAPPER.valueToTree(LinkFrame.Upgrades.NONE),
                    "settings",
                    Json.MAPPER.createArrayNode(),
                    "drain",
                    Json.MAPPER.valueToTree(LinkFrame.Drain.NONE),
                    "addresses",
                    Json.MAPPER.createObjectNode(),
                    "traffic",
                    Json.MAPPER.createArrayNode()),
            "hello",
            Map.of(
                    "follow",
                    Json.MAPPER.valueToTree(LinkFrame.Follow.NOT),
                    "configures",
                    Json.MAPPER.valueToTree(false),
                    "order",
                    Json.MAPPER.valueToTree(LinkFrame.Order.UNHEARD),
                    "revoked",
                    Json.MAPPER.valueToTree(LinkFrame.Revoked.UNHEARD)),
            "upgrades",
            Map.of("home", Json.MAPPER.valueToTree("")),
            "row",
            Map.of("drained", Json.MAPPER.valueToTree(false)),
            "desired",
            Map.of("words", Json.MAPPER.createObjectNode(), "placed", Json.MAPPER.valueToTree(LinkFrame.Placed.NONE)));

    private LinkFrameCodec() {}

    /**
     * The text of a frame.
     *
     * @throws LinkFrameException if it would be larger than {@link #MAX_FRAME}
     */
    public static String write(LinkFrame frame) throws LinkFrameException {
        try {
            String text = Json.MAPPER.writeValueAsString(frame);
            requireSize(text);
            return text;
        } catch (JsonProcessingException e) {
            throw new LinkFrameException("this frame cannot be written: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Reads a frame; keys that it does not know are left out.
     *
     * @throws LinkFrameException if the text is too large, or not a frame
     */
    public static LinkFrame read(String text) throws LinkFrameException {
        requireSize(text);
        try {
            JsonNode tree = READER.readTree(text);
            complete(tree, tree.path("type").asText());
            complete(tree.path("accepted"), "desired");
            complete(tree.path("upgrades"), "upgrades");
            tree.path("rows").forEach(row -> complete(row, "row"));
            return Optional.ofNullable(READER.treeToValue(tree, LinkFrame.class))
                    .orElseThrow(() -> new LinkFrameException("this is not a frame: null"));
        } catch (JsonProcessingException e) {
            throw new LinkFrameException("this is not a frame: " + e.getOriginalMessage(), e);
        }
    }

    private static void complete(JsonNode tree, String type) {
        if (tree instanceof ObjectNode frame) {
            UNSAID.getOrDefault(type, Map.of()).forEach(frame::putIfAbsent);
        }
    }

    private static void requireSize(String text) throws LinkFrameException {
        if (text.length() > MAX_FRAME) {
            throw new LinkFrameException("a frame of " + text.length() + " characters; " + MAX_FRAME + " are allowed");
        }
    }
}
