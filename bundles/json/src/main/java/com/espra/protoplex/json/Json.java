package com.espra.protoplex.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** JSON as trees and records. What is read is bounded in depth and in its texts, has no key twice, and nothing behind its end. */
public final class Json {

    private static final int MAX_DEPTH = 64;
    private static final int MAX_NAME = 4096;
    private static final int MAX_TEXT = 1 << 20;

    /** For all of Protoplex: what one reader wants otherwise is a feature of an {@link ObjectReader}. */
    public static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNameLength(MAX_NAME)
                            .maxStringLength(MAX_TEXT)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .addModule(new InstantModule())
            .build();

    /** Reads what an older or newer Protoplex wrote: keys that this one does not know are passed over. */
    public static final ObjectReader OTHER_VERSION =
            MAPPER.reader().without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private Json() {}
}
