package com.espra.protoplex.seed.enrol;

import com.espra.protoplex.files.Disk;
import com.espra.protoplex.json.Json;
import com.espra.protoplex.seed.state.SetAside;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What is known of joining, in one file that is replaced as a whole. */
final class EnrolmentFile {

    private final Path file;

    EnrolmentFile(Path file) {
        this.file = file;
    }

    /**
     * What it holds.
     *
     * @param tokens by id
     * @param nodes by name
     * @param revoked by digest
     */
    record Content(Map<String, JoinToken> tokens, Map<String, EnrolledNode> nodes, Map<String, RevokedKey> revoked) {

        static final Content EMPTY = new Content(Map.of(), Map.of(), Map.of());

        Content {
            tokens = Map.copyOf(tokens);
            nodes = Map.copyOf(nodes);
            revoked = Map.copyOf(revoked);
        }

        Content with(JoinToken token) {
            return new Content(plus(tokens, token.id(), token), nodes, revoked);
        }

        Content with(EnrolledNode node) {
            return new Content(tokens, plus(nodes, node.node(), node), revoked);
        }

        Content without(String node, RevokedKey key) {
            Map<String, EnrolledNode> left = new TreeMap<>(nodes);
            left.remove(node);
            return new Content(tokens, left, plus(revoked, key.key(), key));
        }

        private static <T> Map<String, T> plus(Map<String, T> map, String key, T value) {
            Map<String, T> next = new TreeMap<>(map);
            next.put(key, value);
            return next;
        }

        /** Without tokens that ended long ago. Keys that are revoked stay: a clock that is ahead for a moment must not let them in again. */
        Content at(Instant endedBefore) {
            Map<String, JoinToken> kept = new TreeMap<>(tokens);
            kept.values().removeIf(token -> token.expires().isBefore(endedBefore));
            return new Content(kept, nodes, revoked);
        }
    }

    /** As it is on the disk: lists, for a key says itself what it is. */
    private record Written(List<JoinToken> tokens, List<EnrolledNode> nodes, List<RevokedKey> revoked) {}

    Content read(Consumer<String> warnings) throws IOException {
        if (!Files.exists(file)) {
            return Content.EMPTY;
        }
        try {
            Written written = Json.OTHER_VERSION.readValue(file.toFile(), Written.class);
            Map<String, JoinToken> tokens = new TreeMap<>();
            written.tokens().forEach(token -> tokens.put(token.id(), token));
            Map<String, EnrolledNode> nodes = new TreeMap<>();
            written.nodes().forEach(node -> nodes.put(node.node(), node));
            Map<String, RevokedKey> revoked = new TreeMap<>();
            written.revoked().forEach(key -> revoked.put(key.key(), key));
            return new Content(tokens, nodes, revoked);
        } catch (JsonProcessingException | RuntimeException e) {
            warnings.accept(file.getFileName() + " was damaged and is set aside as " + SetAside.move(file)
                    + ". Join tokens are refused: make new ones. Nodes that were revoked in the last month are let in again"
                    + " until you revoke them once more: ./protoplex node revoke NODE");
            return Content.EMPTY;
        }
    }

    void write(Content content) throws IOException {
        Disk.replace(
                file,
                Json.MAPPER.writeValueAsBytes(new Written(
                        List.copyOf(content.tokens().values()),
                        List.copyOf(content.nodes().values()),
                        List.copyOf(content.revoked().values()))));
    }
}
