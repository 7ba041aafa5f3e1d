package com.espra.protoplex.swap.framework;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.BundleException;

/** One sentence out of a failure: the first cause, what it says, and the first frame that belongs to the app. */
final class FailureText {

    private static final Pattern CAUSE = Pattern.compile("(?m)^(?:Caused by: )?((?:[\\w$]+\\.)+[\\w$]+)(?:: (.*))?$");
    private static final Pattern FRAME =
            Pattern.compile("(?m)^\\s+at (?:[^\\s(/]*/+)*(([\\w$.]+)\\.[\\w$]+\\.[\\w$<>]+\\(.*\\))");
    private static final Pattern REQUIREMENT =
            Pattern.compile("osgi\\.wiring\\.package; \\(&?\\(?osgi\\.wiring\\.package=([\\w.]+)\\)");
    private static final Pattern USES = Pattern.compile(
            "Uses constraint violation\\. Unable to resolve resource (\\S+).*?because it "
                    + "(?:is exposed to|exports) package '([\\w.]+)'(.*)",
            Pattern.DOTALL);

    private FailureText() {}

    /** A thrown failure. */
    static String of(Throwable failure, Set<String> packages) {
        if (failure instanceof BundleException bundle && bundle.getType() == BundleException.RESOLVE_ERROR) {
            return unresolved(String.valueOf(bundle.getMessage()));
        }
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return of(text.toString(), packages);
    }

    /** A failure that is known as the text of its stack trace only. */
    static String of(String trace, Set<String> packages) {
        String first = trace.lines().findFirst().orElse(trace);
        int causeAt = 0;
        Matcher causes = CAUSE.matcher(trace);
        while (causes.find()) {
            String message = causes.group(2);
            String type = causes.group(1).substring(causes.group(1).lastIndexOf('.') + 1);
            first = message == null ? type : type + ": " + message;
            causeAt = causes.end();
        }
        String after = frame(trace.substring(causeAt), packages);
        return first + (after.isEmpty() ? frame(trace, packages) : after);
    }

    private static String frame(String trace, Set<String> packages) {
        Matcher frames = FRAME.matcher(trace);
        while (frames.find()) {
            String type = frames.group(2);
            if (packages.contains(type)) {
                return ", at " + frames.group(1);
            }
        }
        return "";
    }

    /** What the resolver says, without its numbers. */
    static String unresolved(String message) {
        String clean = message.replaceAll(" ?\\[\\d+\\]\\(R \\d+\\.\\d+\\)", "")
                .replaceAll(" Unresolved requirements: .*", "");
        Matcher uses = USES.matcher(clean);
        if (uses.find()) {
            return "the package " + uses.group(2) + " would reach " + uses.group(1) + " in two versions at once"
                    + uses.group(3)
                            .strip()
                            .replaceAll("\\s+", " ")
                            .transform(chain -> chain.isEmpty() ? "" : " (" + chain + ")")
                    + ". Use one version of it in all bundles of the push, or leave it to the platform";
        }
        Matcher requirement = REQUIREMENT.matcher(clean);
        String missing = "";
        while (requirement.find()) {
            missing = requirement.group(1);
        }
        return missing.isEmpty()
                ? clean
                : "the package " + missing + " is missing at the end of this chain: " + clean
                        + ". Push a bundle that exports it together with the others";
    }
}
