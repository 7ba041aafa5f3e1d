package com.espra.protoplex.fleet.config;

import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.TypedProperties;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A key that a unit can be configured with.
 *
 * @param pid the configuration that it is a property of: a PID, or {@code factoryPid~name}
 * @param name the property
 * @param type one of those of {@link TypedProperties}, such as {@code Integer} or {@code String[]}; {@code Boolean} and so on
 * @param secret whether it is for a secret alone
 * @param options the values that it can have; any when empty
 * @param min the least value, of a text the least length; empty when there is none
 * @param max the greatest value, of a text the greatest length; empty when there is none
 * @param standard its value when nobody sets it, for people; empty when it has none
 */
public record UnitKey(
        String pid,
        String name,
        String type,
        boolean secret,
        List<String> options,
        String min,
        String max,
        String standard) {

    /** The largest value, in bytes of UTF-8. */
    public static final int MAX_VALUE_BYTES = 64 * 1024;

    private static final String TEXT = "String";
    private static final int SHOWN = 40;

    /** Keeps a copy. */
    public UnitKey {
        options = List.copyOf(options);
    }

    /** Its name in full. */
    public String id() {
        return pid + "/" + name;
    }

    /** Name and type, as {@link TypedProperties} reads them. */
    public String property() {
        return name + ":" + type;
    }

    /** Whether it can hold a secret: those are texts. */
    public boolean isText() {
        return type.equals(TEXT);
    }

    /**
     * Reads what somebody typed. Several values are separated by commas; a comma that belongs to one has a backslash before it.
     *
     * @return a text, or a list of texts, that is valid for {@link #property}
     * @throws BuildException if it cannot be its value
     */
    public Object parse(String text) throws BuildException {
        requirePlain(name, text);
        boolean many = type.endsWith("[]") || type.startsWith("Collection");
        Object value = many ? split(text) : text;
        try {
            TypedProperties.of(pid, Map.of(property(), value));
        } catch (BuildException e) {
            throw new BuildException(
                    "'" + shown(text) + "' cannot be the value of " + name + ", which is of the type " + type,
                    many ? "give it values of that type, with commas between them" : "give it a value of that type",
                    e);
        }
        for (String each : many ? split(text) : List.of(text)) {
            requireAllowed(each);
        }
        return value;
    }

    /**
     * Refuses what no value can be.
     *
     * @param name what it is for, for people
     * @throws BuildException if it is too large, or has control characters other than tabs and line ends
     */
    public static void requirePlain(String name, String text) throws BuildException {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_VALUE_BYTES) {
            throw new BuildException(
                    "the value of " + name + " has " + bytes + " bytes; " + MAX_VALUE_BYTES + " are allowed",
                    "put what is large into the build, or into a store that the unit reads");
        }
        if (text.codePoints().anyMatch(UnitKey::isForbidden)) {
            throw new BuildException(
                    "the value of " + name + " has control characters in it",
                    "leave them out: only tabs and line ends may be there");
        }
    }

    private static boolean isForbidden(int character) {
        boolean half = character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
        return half
                || (Character.isISOControl(character) && character != '\n' && character != '\r' && character != '\t');
    }

    private void requireAllowed(String value) throws BuildException {
        if (!options.isEmpty() && !options.contains(value)) {
            throw new BuildException(
                    name + " cannot be '" + shown(value) + "'", "use one of " + String.join(", ", options));
        }
        if (isBeyond(value, min, -1) || isBeyond(value, max, 1)) {
            throw new BuildException(
                    name + " cannot be '" + shown(value) + "'",
                    "use " + (min.isEmpty() ? "" : min + " at least") + (min.isEmpty() || max.isEmpty() ? "" : ", ")
                            + (max.isEmpty() ? "" : max + " at most")
                            + (type.startsWith(TEXT) ? " characters" : ""));
        }
    }

    /** A bound that is no number is none: the unit sees to it by itself. */
    private boolean isBeyond(String value, String bound, int side) {
        try {
            BigDecimal size = type.startsWith(TEXT) ? BigDecimal.valueOf(value.length()) : new BigDecimal(value);
            return !bound.isEmpty() && size.compareTo(new BigDecimal(bound)) * side > 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** A value as one would type it. */
    public String text(Object value) {
        return PlainTypes.text(value);
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean escaped = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (escaped || (c != '\\' && c != ',')) {
                part.append(c);
                escaped = false;
            } else if (c == '\\') {
                escaped = true;
            } else {
                parts.add(part.toString().strip());
                part.setLength(0);
            }
        }
        if (!parts.isEmpty() || !part.isEmpty()) {
            parts.add(part.toString().strip());
        }
        return parts;
    }

    private static String shown(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", " ");
        return clean.length() <= SHOWN ? clean : clean.substring(0, SHOWN) + "...";
    }
}
