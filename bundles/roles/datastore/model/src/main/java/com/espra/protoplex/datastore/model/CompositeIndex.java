package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.Bytes;
import com.google.datastore.v1.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * An index of several properties of a kind. Its rows are {@code x id namespace [ancestor] value … path}: the values of a descending property
 * are inverted, and so is the path after a descending one, so that what follows the equalities of a query is a position in its order.
 *
 * @param id the version of the commit that made it: it is given once
 * @param ancestor whether it has a row for each ancestor of an entity, itself included
 * @param parts in their order; the last may be {@code __key__}
 * @param problem why it could not be built; else empty
 */
public record CompositeIndex(long id, String kind, boolean ancestor, List<Part> parts, State state, String problem) {

    /** All of an entity's rows of composite indexes, in bytes. */
    static final int MOST_BYTES = 2 << 20;

    private static final int MOST_PARTS = 100;

    /** One property. */
    public record Part(String property, boolean descending) {}

    /** What it is good for. */
    public enum State {
        /** Commits write its rows, and those of older entities are being added. */
        CREATING,
        /** Queries use it. */
        READY,
        /** Its rows are being removed. */
        DELETING,
        /** An entity has too many rows of it. Delete it. */
        ERROR
    }

    /** One that is still to be made. */
    public static CompositeIndex wanted(String kind, boolean ancestor, List<Part> parts) {
        return new CompositeIndex(0, kind, ancestor, List.copyOf(parts), State.CREATING, "");
    }

    /** When the index of an id was made, in microseconds since 1970. */
    public static long madeAt(long id) {
        return id / Indexes.MOST_AT_ONCE;
    }

    /** @throws RefusedException if it cannot be */
    void check() {
        Validation.name("kind", kind, true);
        if (Validation.isReserved(kind)) {
            throw RefusedException.invalid("no index can be of the kind " + Validation.shown(kind));
        }
        List<String> names = parts.stream().map(Part::property).toList();
        if (names.isEmpty()
                || names.size() > MOST_PARTS
                || names.stream().distinct().count() != names.size()) {
            throw RefusedException.invalid(
                    "an index has 1 to " + MOST_PARTS + " properties, each once: " + Validation.shown(kind));
        }
        for (String name : names) {
            boolean key = name.equals(Conjunction.KEY);
            Validation.name("property name", name, key);
            if (key && !name.equals(names.getLast())) {
                throw RefusedException.invalid(Conjunction.KEY + " is the last property of an index, or none");
            }
        }
        if (properties().isEmpty() || (!ancestor && parts.size() == 1)) {
            throw RefusedException.invalid("an index of one property is there by itself: " + Validation.shown(kind));
        }
    }

    /** Whether commits have to write it. */
    boolean isWritten() {
        return state == State.CREATING || state == State.READY;
    }

    boolean isLike(CompositeIndex other) {
        return kind.equals(other.kind)
                && ancestor == other.ancestor
                && properties().equals(other.properties())
                && keyDescending() == other.keyDescending();
    }

    CompositeIndex with(State next, String why) {
        return new CompositeIndex(id, kind, ancestor, parts, next, why);
    }

    CompositeIndex withId(long given) {
        return new CompositeIndex(given, kind, ancestor, parts, state, problem);
    }

    /** Without the key. */
    List<Part> properties() {
        return parts.getLast().property.equals(Conjunction.KEY) ? parts.subList(0, parts.size() - 1) : parts;
    }

    /** Whether entities of equal values are ordered from the last key on. */
    boolean keyDescending() {
        return parts.getLast().descending;
    }

    /** What its rows in a namespace begin with. */
    byte[] prefix(String namespace) {
        return new OrderedBytes().raw(Layout.composite(id)).text(namespace).done();
    }

    /** Adds the rows of an entity; throws if they are too many. */
    void addRows(Key key, byte[] path, IndexedValues values, Collection<byte[]> rows) {
        List<byte[]> begun = begun(key);
        long count = begun.size();
        for (Part part : properties()) {
            count *= values.of(part.property).size();
            if (count > Quotas.INDEXED_ITEMS) {
                throw RefusedException.invalid(
                        "the entity has more than " + Quotas.INDEXED_ITEMS + " entries in the index " + id
                                + " of the kind " + Validation.shown(kind) + ": " + Commits.shown(key));
            }
        }
        for (Part part : properties()) {
            List<byte[]> next = new ArrayList<>();
            for (byte[] one : begun) {
                for (byte[] value : values.of(part.property).keySet()) {
                    next.add(Bytes.join(one, part.descending ? QueryPlan.inverted(value) : value));
                }
            }
            begun = next;
        }
        byte[] end = keyDescending() ? QueryPlan.inverted(path) : path;
        long bytes = 0;
        for (byte[] one : begun) {
            byte[] row = Bytes.join(one, end);
            bytes += row.length;
            if (bytes > MOST_BYTES) {
                throw RefusedException.invalid("the entity has more than " + MOST_BYTES + " bytes in the index " + id
                        + " of the kind " + Validation.shown(kind) + ": " + Commits.shown(key));
            }
            rows.add(row);
        }
    }

    private List<byte[]> begun(Key key) {
        byte[] prefix = prefix(key.getPartitionId().getNamespaceId());
        if (!ancestor) {
            return List.of(prefix);
        }
        List<byte[]> begun = new ArrayList<>();
        for (int i = 1; i <= key.getPathCount(); i++) {
            Key part =
                    Key.newBuilder().addAllPath(key.getPathList().subList(0, i)).build();
            begun.add(Bytes.join(prefix, Layout.path(part)));
        }
        return begun;
    }

    /** As a stanza of {@code index.yaml}. */
    public String yaml() {
        StringBuilder yaml = new StringBuilder("- kind: ").append(IndexYaml.word(kind));
        if (ancestor) {
            yaml.append("\n  ancestor: yes");
        }
        yaml.append("\n  properties:");
        for (Part part : parts) {
            yaml.append("\n  - name: ").append(IndexYaml.word(part.property));
            if (part.descending) {
                yaml.append("\n    direction: desc");
            }
        }
        return yaml.append('\n').toString();
    }
}
