package com.espra.protoplex.swap.engine;

import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Words for people. */
final class Texts {

    private Texts() {}

    /** {@code 250 ms} or {@code 30 s}. */
    static String of(Duration time) {
        return time.toMillis() % 1000 == 0 && time.toMillis() > 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    /** What there is to say, in one line. */
    static String inOne(String... texts) {
        return Stream.of(texts).filter(text -> !text.isEmpty()).collect(Collectors.joining("; "));
    }

    /** All problems in one line. */
    static String of(List<Problem> problems) {
        return problems.stream()
                .map(problem -> problem.remedy().isEmpty() ? problem.what() : problem.what() + ". " + problem.remedy())
                .collect(Collectors.joining("; "));
    }
}
