package com.espra.protoplex.datastore.server.access;

import com.espra.protoplex.datastore.model.RefusedException;
import com.google.rpc.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a caller may do.
 *
 * @param read entities, queries, aggregations
 * @param write commits, and ids
 * @param namespace the only one that it may name, empty for the default one; null for any
 */
public record DataScope(
        boolean read, boolean write, @Nullable String namespace) {

    /** Everything. */
    public static final DataScope ALL = new DataScope(true, true, null);

    private static final String READ = "read";
    private static final String WRITE = "write";
    private static final int LONGEST_NAMESPACE = 100;

    /**
     * As people write it.
     *
     * @param rights {@code read}, {@code write}, or both with a comma between
     * @param namespace null for any
     * @throws IllegalArgumentException if it is none; says what it may be
     */
    public static DataScope of(String rights, @Nullable String namespace) {
        Set<String> each = Set.copyOf(List.of(rights.strip().split("\\s*,\\s*")));
        if (!Set.of(READ, WRITE).containsAll(each)) {
            throw new IllegalArgumentException("'" + rights + "' is no scope: use read, write or read,write");
        }
        if (namespace != null && (namespace.length() > LONGEST_NAMESPACE || !namespace.matches("[0-9A-Za-z._-]*"))) {
            throw new IllegalArgumentException(
                    "'" + namespace + "' is no namespace: it has at most 100 letters, digits, '.', '_' and '-'");
        }
        return new DataScope(each.contains(READ), each.contains(WRITE), namespace);
    }

    /** Names what it may. */
    public String rights() {
        List<String> all = new ArrayList<>();
        if (read) {
            all.add(READ);
        }
        if (write) {
            all.add(WRITE);
        }
        return String.join(",", all);
    }

    /**
     * Looks whether it may what a call needs.
     *
     * @throws RefusedException if it may not
     */
    public void require(Need need) {
        boolean may = switch (need) {
            case READ -> read;
            case WRITE -> write;
            case EITHER -> true;
            case DEFINE -> write && namespace == null;
        };
        if (!may) {
            throw new RefusedException(
                    Code.PERMISSION_DENIED,
                    "this token may " + rights() + (namespace == null ? "" : " in one namespace")
                            + ", and this call needs another one");
        }
    }

    /** What a call needs. */
    public enum Need {
        READ,
        WRITE,
        EITHER,
        /** To change what is of all namespaces. */
        DEFINE
    }
}
