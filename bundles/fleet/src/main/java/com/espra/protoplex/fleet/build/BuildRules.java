package com.espra.protoplex.fleet.build;

import com.espra.protoplex.fleet.build.Build.File;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What {@link Build} promises about its parts, checked. */
final class BuildRules {

    static final Pattern UNIT = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern VERSION =
            Pattern.compile("(\\d{1,10})\\.(\\d{1,10})\\.(\\d{1,10})(\\.[A-Za-z0-9_-]{1,64})?");

    private static final Pattern AUTHOR = Pattern.compile("[0-9a-f]{16}");
    private static final Pattern FILE_NAME = Pattern.compile("[^/\\\\\\p{Cntrl}]{1,255}");
    private static final Pattern PID = Pattern.compile("[^\\p{Cntrl}|]{1,255}");
    private static final Pattern TYPE = Pattern.compile("([a-z_][A-Za-z0-9_]*\\.)+[A-Z][A-Za-z0-9_$]*");
    private static final int MAX_TYPE_LENGTH = 255;
    private static final int MAX_OFFERS = 64;
    private static final int MAX_FILES = 1000;
    private static final int MAX_CONFIGURATIONS = 1000;
    private static final int MAX_PROPERTIES = 1000;
    private static final long MAX_FILE_BYTES = 1L << 40;
    private static final int MAX_READY_SECONDS = 3600;
    private static final int MAX_DRAIN_SECONDS = 86_400;

    private BuildRules() {}

    static void check(Build build) throws BuildException {
        require(
                build.format() == BuildManifest.FORMAT,
                "its format is " + build.format(),
                "use " + BuildManifest.FORMAT);
        require(
                UNIT.matcher(build.unit()).matches(),
                "'" + shown(build.unit()) + "' is not a name for an app",
                "use 1 to 63 lower-case letters, digits and hyphens (--app NAME)");
        require(
                isVersion(build.version()),
                "'" + shown(build.version()) + "' is not an OSGi version",
                "use major.minor.micro and perhaps a qualifier, such as 1.0.1 or 1.0.1.beta-2");
        require(
                AUTHOR.matcher(build.author()).matches(),
                "'" + shown(build.author()) + "' is not an author's key id",
                "use the 16 hexadecimal digits of AuthorKey");
        require(
                build.readySeconds() >= 1 && build.readySeconds() <= MAX_READY_SECONDS,
                "readySeconds is " + build.readySeconds(),
                "use 1 to " + MAX_READY_SECONDS);
        require(
                build.drainSeconds() >= 0 && build.drainSeconds() <= MAX_DRAIN_SECONDS,
                "drainSeconds is " + build.drainSeconds(),
                "use 0 to " + MAX_DRAIN_SECONDS);
        require(
                !build.takeOver() || build.placement() == Build.Placement.ONE,
                build.unit() + " takes over what can be open once, and is placed in each process",
                "leave 'placement' out, or say one; what has a folder for each process needs no 'takeOver'");
        needs(build);
        offers(build);
        files(build);
        configurations(build);
    }

    private static void needs(Build build) throws BuildException {
        require(
                build.needs().isEmpty() || build.kind() == Build.Kind.ROLE,
                build.unit() + " is an app, and needs roles",
                "apps run wherever the role app is; leave 'needs' out");
        for (String need : build.needs()) {
            require(
                    UNIT.matcher(need).matches() && !need.equals(build.unit()),
                    "'" + shown(need) + "' is no other role's name",
                    "use 1 to 63 lower-case letters, digits and hyphens");
        }
    }

    private static void offers(Build build) throws BuildException {
        require(
                build.offers().size() <= MAX_OFFERS,
                "it offers " + build.offers().size() + " interfaces",
                "use at most " + MAX_OFFERS);
        for (String type : build.offers()) {
            require(
                    TYPE.matcher(type).matches() && type.length() <= MAX_TYPE_LENGTH,
                    "'" + shown(type) + "' in 'offers' is not the name of an interface",
                    "use its full name, such as java.util.function.Function");
        }
    }

    /** Whether it is an OSGi version with all of its three numbers, each an {@code int}. */
    static boolean isVersion(String text) {
        Matcher version = VERSION.matcher(text);
        return version.matches()
                && IntStream.rangeClosed(1, 3).allMatch(i -> Long.parseLong(version.group(i)) <= Integer.MAX_VALUE);
    }

    private static void files(Build build) throws BuildException {
        int count = build.bundles().size();
        require(count >= 1 && count <= MAX_FILES, "it has " + count + " bundles", "use 1 to " + MAX_FILES);
        Set<String> seen = new HashSet<>();
        for (File file : build.bundles()) {
            String name = shown(file.name());
            require(
                    FILE_NAME.matcher(file.name()).matches(),
                    "'" + name + "' is not a file name",
                    "use a name of at most 255 characters without slashes");
            require(
                    Sha256.isWellFormed(file.sha256()),
                    name + ": '" + shown(file.sha256()) + "' is not a sha256",
                    "use 64 lower-case hexadecimal digits");
            require(
                    file.size() >= 1 && file.size() <= MAX_FILE_BYTES,
                    name + " has " + file.size() + " bytes",
                    "use 1 to " + MAX_FILE_BYTES);
            require(seen.add(file.sha256()), name + " is in it twice", "name each bundle once");
        }
    }

    private static void configurations(Build build) throws BuildException {
        require(
                build.configurations().size() <= MAX_CONFIGURATIONS,
                "it has " + build.configurations().size() + " configurations",
                "use at most " + MAX_CONFIGURATIONS);
        for (Map.Entry<String, Map<String, Object>> entry :
                build.configurations().entrySet()) {
            String pid = shown(entry.getKey());
            require(
                    PID.matcher(entry.getKey()).matches(),
                    "'" + pid + "' is not a PID",
                    "use a name without '|' and control characters; a node targets it at the generation by itself");
            require(
                    entry.getValue().size() <= MAX_PROPERTIES,
                    "configuration '" + pid + "' has too many properties",
                    "use at most " + MAX_PROPERTIES);
            for (Map.Entry<String, Object> property : entry.getValue().entrySet()) {
                require(
                        !property.getKey().isBlank() && configurationValue(property.getValue()),
                        "configuration '" + pid + "': '" + shown(property.getKey()) + "' has no valid value",
                        "use a string, a number, a boolean, or an array of them");
            }
            TypedProperties.of(pid, entry.getValue());
        }
    }

    private static boolean configurationValue(Object value) {
        return scalar(value)
                || (value instanceof Collection<?> many && many.stream().allMatch(BuildRules::scalar));
    }

    private static boolean scalar(Object value) {
        return value instanceof String || value instanceof Number || value instanceof Boolean;
    }

    private static String shown(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= 80 ? clean : clean.substring(0, 80) + "...";
    }

    private static void require(boolean met, String what, String remedy) throws BuildException {
        if (!met) {
            throw new BuildException("the build is wrong: " + what, remedy);
        }
    }
}
