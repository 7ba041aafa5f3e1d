import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Prints which test classes of a build took longest, and which tests were skipped and why: {@code TestTimes REPOSITORY SINCE}. */
final class TestTimes {

    private static final int MOST = 10;
    private static final String OURS = "com.espra.protoplex.";

    private TestTimes() {}

    private record TestClass(String name, double seconds) {}

    private final List<TestClass> classes = new ArrayList<>();
    private final Map<String, List<String>> skipped = new TreeMap<>();

    public static void main(String[] arguments) {
        try {
            TestTimes times = new TestTimes();
            for (Path report : reports(Path.of(arguments[0]), Instant.parse(arguments[1]))) {
                times.read(report);
            }
            times.print();
        } catch (Exception e) {
            // That there is no summary is no reason for a build to fail.
            System.out.println("no summary of the tests: " + e);
        }
    }

    private static List<Path> reports(Path repository, Instant since) throws IOException {
        List<Path> reports = new ArrayList<>();
        try (Stream<Path> all = Files.walk(repository, 5)) {
            for (Path each : all.filter(TestTimes::isReport).sorted().toList()) {
                if (!Files.getLastModifiedTime(each).toInstant().isBefore(since)) {
                    reports.add(each);
                }
            }
        }
        return reports;
    }

    private static boolean isReport(Path file) {
        return file.getFileName().toString().matches("TEST-.*\\.xml")
                && file.getParent().getFileName().toString().matches("(surefire|failsafe)-reports");
    }

    private void read(Path report) throws Exception {
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(report.toFile())
                .getDocumentElement();
        String name = suite.getAttribute("name").replace(OURS, "");
        classes.add(new TestClass(name, seconds(suite)));
        NodeList reasons = suite.getElementsByTagName("skipped");
        for (int i = 0; i < reasons.getLength(); i++) {
            Element reason = (Element) reasons.item(i);
            String test = ((Element) reason.getParentNode()).getAttribute("name");
            skipped.computeIfAbsent(why(reason), key -> new ArrayList<>())
                    .add(test.isEmpty() ? name : name + "." + test);
        }
    }

    /** As an attribute, or with the exception that told it. */
    private static String why(Element skipped) {
        String message = skipped.getAttribute("message");
        String text =
                message.isEmpty() ? skipped.getTextContent().lines().findFirst().orElse("no reason") : message;
        return text.replaceFirst("^org\\.junit\\.AssumptionViolatedException: ", "");
    }

    private static double seconds(Element suite) {
        return Double.parseDouble(suite.getAttribute("time").replace(",", ""));
    }

    private void print() {
        double all = classes.stream().mapToDouble(TestClass::seconds).sum();
        System.out.printf(Locale.ROOT, "%n%d test classes, %.0f s. The slowest:%n", classes.size(), all);
        classes.stream()
                .sorted(Comparator.comparingDouble(TestClass::seconds).reversed())
                .limit(MOST)
                .forEach(each -> System.out.printf(Locale.ROOT, "%8.1f s  %s%n", each.seconds(), each.name()));
        System.out.println(skipped.isEmpty() ? "No test was skipped." : "Skipped:");
        skipped.forEach((reason, tests) -> System.out.println("  " + reason + ": " + String.join(", ", tests)));
    }
}
