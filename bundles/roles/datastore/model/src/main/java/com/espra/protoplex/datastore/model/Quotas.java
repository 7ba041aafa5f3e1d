package com.espra.protoplex.datastore.model;

/** What Google's service allows, as its page of limits states it. In bytes, where nothing else is said. */
final class Quotas {

    static final int COMMIT = 10 << 20;
    static final int ENTITY = 1_048_572;
    static final int UNINDEXED_VALUE = 1_048_487;
    static final int INDEXED_VALUE = 1_500;
    static final int NAME = 1_500;
    static final int KEY = 6 << 10;
    /** Elements of a path. */
    static final int PATH_ELEMENTS = 100;
    /** Entities within entities. */
    static final int NESTING = 20;
    /** Index rows of an entity. */
    static final int INDEXED_ITEMS = 20_000;
    /** Ours: all index rows of an entity. */
    static final int INDEX = 16 << 20;
    /** Ours: rows that a commit writes and deletes. */
    static final int COMMIT_ROWS = 200_000;
    /** Ours: the keys and values of these rows. */
    static final int COMMIT_EFFECT = 64 << 20;
    /** Keys in a lookup. */
    static final int LOOKUP_KEYS = 1_000;
    /** Keys in a request for ids. */
    static final int ID_KEYS = 500;
    /** Property transforms of an entity. */
    static final int TRANSFORMS = 500;
    /** Values of NOT_IN. */
    static final int NOT_IN = 10;
    /** What a query is after OR, IN and != are multiplied out. */
    static final int DISJUNCTIONS = 30;
    /** Aggregations in a query. */
    static final int AGGREGATIONS = 5;
    /** Ours: how much a lookup answers before it defers the rest. */
    static final int ANSWER = 8 << 20;

    private Quotas() {}
}
