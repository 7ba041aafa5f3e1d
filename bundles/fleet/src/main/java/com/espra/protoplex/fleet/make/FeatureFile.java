package com.espra.protoplex.fleet.make;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.json.Json;
import com.espra.protoplex.json.Nearest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An OSGi feature (OSGi Compendium 8.1, chapter 159), as far as a build needs it.
 *
 * @param artifact the artifact id of the feature
 * @param version its version, as an OSGi version
 * @param bundles where its bundles are, in its order
 * @param configurations its configurations, with its variables put in
 * @param optionalComponents names of components that may wait for ever
 * @param kind what it is a feature of
 * @param takeOver see {@link Build}
 * @param needs see {@link Build}
 * @param offers see {@link Build}
 * @param placement see {@link Build}
 */
record FeatureFile(
        String artifact,
        String version,
        List<Path> bundles,
        Map<String, Map<String, Object>> configurations,
        Set<String> optionalComponents,
        Build.Kind kind,
        boolean takeOver,
        Set<String> needs,
        Set<String> offers,
        Build.Placement placement) {

    /** The members that the specification knows (159.9); those that say what a feature is about are for people. */
    private static final Set<String> MEMBERS = Set.of(
            "feature-resource-version",
            "id",
            "name",
            "categories",
            "complete",
            "description",
            "docURL",
            "license",
            "SCM",
            "vendor",
            "bundles",
            "configurations",
            "variables",
            "extensions");

    /** The extension that names optional components. */
    private static final String OPTIONAL = "protoplex.optional";

    /** The extension that says what kind of unit it is. */
    private static final String UNIT = "protoplex.unit";

    private static final Set<String> EXTENSIONS = Set.of(OPTIONAL, UNIT);
    private static final Set<String> UNIT_MEMBERS = Set.of("kind", "takeOver", "needs", "offers", "placement");

    private static final ObjectReader READER = Json.MAPPER.reader().with(JsonReadFeature.ALLOW_JAVA_COMMENTS);
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]+)}");
    private static final Pattern MAVEN_VERSION = Pattern.compile("(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?(?:[.-](.+))?");

    static FeatureFile read(Path file, List<Path> repositories) throws IOException, BuildException {
        JsonNode root = tree(file);
        requireKnown(file, root);
        String[] id = coordinates(file, root.path("id").asText(""));
        List<Path> places = new ArrayList<>();
        places.add(file.toAbsolutePath().resolveSibling(""));
        places.add(file.toAbsolutePath().resolveSibling("bundles"));
        places.addAll(repositories);
        List<Path> bundles = new ArrayList<>();
        for (JsonNode bundle : root.path("bundles")) {
            String text =
                    bundle.isTextual() ? bundle.asText() : bundle.path("id").asText("");
            bundles.add(find(file, coordinates(file, text), places));
        }
        JsonNode unit = unit(file, root);
        return new FeatureFile(
                id[1],
                osgiVersion(file, id[2]),
                bundles,
                configurations(file, root),
                optional(root),
                kind(file, unit),
                flag(file, unit, "takeOver"),
                names(file, unit, "needs"),
                names(file, unit, "offers"),
                placement(file, unit));
    }

    private static JsonNode tree(Path file) throws IOException, BuildException {
        try {
            if (!Files.isRegularFile(file)) {
                throw new BuildException("there is no file " + file, "look at the path");
            }
            return READER.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new BuildException(
                    file + " is not well-formed JSON: " + e.getOriginalMessage() + " (line "
                            + e.getLocation().getLineNr() + ")",
                    "mend it",
                    e);
        }
    }

    private static void requireKnown(Path file, JsonNode root) throws BuildException {
        for (Map.Entry<String, JsonNode> member : root.properties()) {
            if (!MEMBERS.contains(member.getKey())) {
                throw new BuildException(
                        file + ": a feature has no member '" + member.getKey() + "'",
                        "look for a slip of the pen; it has " + String.join(", ", new TreeSet<>(MEMBERS)));
            }
        }
        for (Map.Entry<String, JsonNode> extension : root.path("extensions").properties()) {
            String kind = extension.getValue().path("kind").asText("");
            if (kind.equals("mandatory") && !EXTENSIONS.contains(extension.getKey())) {
                throw new BuildException(
                        file + ": it needs the extension '" + extension.getKey() + "', which Protoplex has not",
                        "take it out, or make its kind 'optional' if the feature runs without it");
            }
        }
    }

    private static Set<String> optional(JsonNode root) {
        Set<String> names = new TreeSet<>();
        root.path("extensions").path(OPTIONAL).path("text").forEach(name -> names.add(name.asText()));
        return names;
    }

    /** What it says of itself as a unit. A mistake there would make an app of a role, so nothing unknown is passed over. */
    private static JsonNode unit(Path file, JsonNode root) throws BuildException {
        JsonNode extension = root.path("extensions").path(UNIT);
        JsonNode unit = extension.path("json");
        if (!extension.isMissingNode() && !unit.isObject()) {
            throw new BuildException(
                    file + ": the extension '" + UNIT + "' has no JSON object as its member 'json'",
                    "write \"" + UNIT
                            + "\": {\"type\": \"json\", \"kind\": \"mandatory\", \"json\": {\"kind\": \"role\"}}");
        }
        for (Map.Entry<String, JsonNode> member : unit.properties()) {
            if (!UNIT_MEMBERS.contains(member.getKey())) {
                throw new BuildException(
                        file + ": the extension '" + UNIT + "' has no member '" + member.getKey() + "'",
                        "did you mean '" + nearest(member.getKey(), UNIT_MEMBERS) + "'? It has "
                                + String.join(", ", new TreeSet<>(UNIT_MEMBERS)));
            }
        }
        return unit;
    }

    private static Build.Kind kind(Path file, JsonNode unit) throws BuildException {
        return choice(
                file, unit, "kind", Build.Kind.APP, EnumSet.allOf(Build.Kind.class), Build.Kind::word, "kind of unit");
    }

    private static Build.Placement placement(Path file, JsonNode unit) throws BuildException {
        boolean takeOver = flag(file, unit, "takeOver");
        Build.Placement placement = choice(
                file,
                unit,
                "placement",
                Build.Placement.standard(takeOver),
                EnumSet.allOf(Build.Placement.class),
                Build.Placement::word,
                "placement");
        if (takeOver && placement == Build.Placement.EACH) {
            throw new BuildException(
                    file + ": it takes over what can be open once, and \"placement\" is \"each\"",
                    "leave 'placement' out, or say \"one\"; what has a folder for each process needs no 'takeOver'");
        }
        return placement;
    }

    private static <E extends Enum<E>> E choice(
            Path file, JsonNode unit, String member, E standard, Set<E> choices, Function<E, String> word, String what)
            throws BuildException {
        JsonNode said = unit.path(member);
        if (said.isMissingNode()) {
            return standard;
        }
        Map<String, E> byWord = new LinkedHashMap<>();
        choices.forEach(choice -> byWord.put(word.apply(choice), choice));
        E meant = byWord.get(said.isTextual() ? said.asText() : "");
        if (meant == null) {
            String text = said.isTextual() ? "'" + said.asText() + "'" : said.toString();
            throw new BuildException(
                    file + ": there is no " + what + " " + text,
                    "in '" + UNIT + "', say " + String.join(" or ", byWord.keySet()) + "; did you mean '"
                            + nearest(said.asText(), byWord.keySet()) + "'?");
        }
        return meant;
    }

    private static String nearest(String word, Set<String> known) {
        return Nearest.of(word, new TreeSet<>(known), Integer.MAX_VALUE).orElseThrow();
    }

    private static boolean flag(Path file, JsonNode unit, String member) throws BuildException {
        JsonNode value = unit.path(member);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw new BuildException(
                    file + ": '" + member + "' in '" + UNIT + "' is " + value, "say true or false, without quotes");
        }
        return value.asBoolean();
    }

    private static Set<String> names(Path file, JsonNode unit, String member) throws BuildException {
        JsonNode array = unit.path(member);
        Set<String> names = new TreeSet<>();
        for (JsonNode name : array) {
            names.add(name.asText());
        }
        boolean list = array.isMissingNode() || array.isArray();
        if (!list || !array.valueStream().allMatch(JsonNode::isTextual)) {
            throw new BuildException(
                    file + ": '" + member + "' in '" + UNIT + "' is " + array, "list names: [\"one\", \"another\"]");
        }
        return names;
    }

    /** Group, artifact, version, and the end of the file's name, of {@code group:artifact[:type[:classifier]]:version}. */
    private static String[] coordinates(Path file, String id) throws BuildException {
        String[] parts = id.split(":", -1);
        boolean plain = id.matches("[A-Za-z0-9_.:+-]+") && !id.contains("..");
        if (!plain || parts.length < 3 || parts.length > 5) {
            throw new BuildException(
                    file + ": '" + id + "' is not an id",
                    "use group:artifact:version, or group:artifact:type:classifier:version");
        }
        String version = parts[parts.length - 1];
        String type = parts.length > 3 ? parts[2] : "jar";
        String classifier = parts.length > 4 ? "-" + parts[3] : "";
        return new String[] {parts[0], parts[1], version, classifier + "." + type};
    }

    private static Path find(Path file, String[] id, List<Path> places) throws BuildException {
        String name = id[1] + "-" + id[2] + id[3];
        String nested = id[0].replace('.', '/') + "/" + id[1] + "/" + id[2] + "/" + name;
        for (Path place : places) {
            for (String candidate : List.of(name, nested)) {
                if (Files.isRegularFile(place.resolve(candidate))) {
                    return place.resolve(candidate);
                }
            }
        }
        throw new BuildException(
                file + ": the bundle " + id[0] + ":" + id[1] + ":" + id[2] + " is in none of " + places,
                "put " + name + " beside the feature");
    }

    private static Map<String, Map<String, Object>> configurations(Path file, JsonNode root) throws BuildException {
        Map<String, Map<String, Object>> configurations = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> pid : root.path("configurations").properties()) {
            Map<String, Object> properties = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> property : pid.getValue().properties()) {
                if (!property.getValue().isNull()) {
                    properties.put(property.getKey(), value(file, property.getValue(), root.path("variables")));
                }
            }
            configurations.put(pid.getKey(), properties);
        }
        return configurations;
    }

    private static Object value(Path file, JsonNode node, JsonNode variables) throws BuildException {
        if (node.isArray()) {
            List<Object> values = new ArrayList<>();
            for (JsonNode element : node) {
                values.add(value(file, element, variables));
            }
            return values;
        }
        if (node.isTextual() || node.isObject()) {
            // An object is its JSON (150.3.4).
            return substitute(file, node.isObject() ? node.toString() : node.asText(), variables);
        }
        return Json.MAPPER.convertValue(node, Object.class);
    }

    private static String substitute(Path file, String text, JsonNode variables) throws BuildException {
        Matcher matcher = VARIABLE.matcher(text);
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            JsonNode value = variables.path(matcher.group(1));
            if (!value.isValueNode() || value.isNull()) {
                throw new BuildException(
                        file + ": the variable '" + matcher.group(1) + "' has no value",
                        "give it one under 'variables'");
            }
            matcher.appendReplacement(result, Matcher.quoteReplacement(value.asText()));
        }
        return matcher.appendTail(result).toString();
    }

    private static String osgiVersion(Path file, String version) throws BuildException {
        Matcher matcher = MAVEN_VERSION.matcher(version);
        if (!matcher.matches()) {
            throw new BuildException(file + ": '" + version + "' is not a version", "use one such as 1.0.1");
        }
        return matcher.group(1) + "." + or0(matcher, 2) + "." + or0(matcher, 3)
                + Optional.ofNullable(matcher.group(4))
                        .map(qualifier -> "." + qualifier.replaceAll("[^A-Za-z0-9_-]", "_"))
                        .orElse("");
    }

    private static String or0(Matcher matcher, int group) {
        return Optional.ofNullable(matcher.group(group)).orElse("0");
    }
}
