package com.espra.protoplex.live.mercure;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.live.mercure.match.TopicSpaceTest;
import com.espra.protoplex.live.mercure.match.UrlPatternTest;
import com.espra.protoplex.live.mercure.request.FormFieldsTest;
import com.espra.protoplex.live.mercure.request.TrustedOriginsTest;
import com.espra.protoplex.live.mercure.serve.PublishTest;
import com.espra.protoplex.live.mercure.serve.SubscribeTest;
import com.espra.protoplex.live.mercure.serve.SubscriptionsTest;
import com.espra.protoplex.live.mercure.token.TokenVerifierTest;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Test;

/** The specification's demands, each with the test that shows it. */
public class RequirementsTest {

    private static final Map<String, Class<?>> TESTS = Stream.of(
                    UrlPatternTest.class,
                    TopicSpaceTest.class,
                    TokenVerifierTest.class,
                    FormFieldsTest.class,
                    TrustedOriginsTest.class,
                    SubscribeTest.class,
                    PublishTest.class,
                    SubscriptionsTest.class)
            .collect(Collectors.toMap(Class::getSimpleName, Function.identity()));

    private static List<String[]> rows() throws Exception {
        try (InputStream table = RequirementsTest.class.getResourceAsStream("/requirements.txt")) {
            return new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" \\| ", -1))
                    .toList();
        }
    }

    @Test
    public void eachHasATestThatIsThere() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (String[] row : rows()) {
            assertEquals(String.join(" | ", row), 4, row.length);
            boolean excused = List.of("client", "operator").contains(row[3]) || row[3].startsWith("not yet: ");
            if (!List.of("MUST", "NOT").contains(row[1]) || (!excused && !isTest(row[3]))) {
                wrong.add(String.join(" | ", row));
            }
        }
        assertTrue(String.join("\n", wrong), wrong.isEmpty());
    }

    private static boolean isTest(String name) {
        String[] parts = name.split("#", 2);
        return parts.length == 2
                && TESTS.containsKey(parts[0])
                && Arrays.stream(TESTS.get(parts[0]).getMethods())
                        .anyMatch(
                                method -> method.getName().equals(parts[1]) && method.isAnnotationPresent(Test.class));
    }

    @Test
    public void nothingIsMissing() throws Exception {
        assertEquals(
                0, rows().stream().filter(row -> row[3].startsWith("not yet")).count());
        assertTrue("rows: " + rows().size(), rows().size() > 160);
    }
}
