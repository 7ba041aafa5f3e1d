package com.espra.protoplex.datastore.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code index.yaml} as Google's tools have it: one list of indexes. What it does not know it refuses, with the line. */
public final class IndexYaml {

    private static final int MOST_CHARACTERS = 1 << 20;

    private final List<CompositeIndex> indexes = new ArrayList<>();
    private String kind = "";
    private boolean ancestor;
    private List<CompositeIndex.Part> parts = new ArrayList<>();
    private boolean open;
    private int line;

    private IndexYaml() {}

    /**
     * Reads it.
     *
     * @throws RefusedException if it is none; says in which line
     */
    public static List<CompositeIndex> read(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw RefusedException.invalid("index.yaml has more than " + MOST_CHARACTERS + " characters");
        }
        IndexYaml yaml = new IndexYaml();
        text.lines().forEach(yaml::line);
        yaml.end();
        return yaml.indexes;
    }

    private void line(String whole) {
        line++;
        String text = whole.replaceFirst("(^|\\s)#.*$", "").strip();
        if (text.isEmpty() || text.equals("---") || text.equals("indexes:") || text.equals("indexes: []")) {
            return;
        }
        boolean first = text.startsWith("-");
        String entry = first ? text.substring(1).strip() : text;
        int colon = entry.indexOf(':');
        if (colon < 0) {
            throw unknown(text);
        }
        String name = entry.substring(0, colon).strip();
        String value = unquoted(entry.substring(colon + 1).strip());
        switch (name) {
            case "kind" -> kind(value, first, text);
            case "ancestor" -> ancestor = isYes(value, text);
            case "properties" -> require(value.isEmpty(), text);
            case "name" -> {
                require(first && open && !value.isEmpty(), text);
                parts.add(new CompositeIndex.Part(value, false));
            }
            case "direction" -> {
                require(!parts.isEmpty(), text);
                parts.set(
                        parts.size() - 1,
                        new CompositeIndex.Part(parts.getLast().property(), isDown(value, text)));
            }
            default -> throw unknown(text);
        }
    }

    private void kind(String value, boolean first, String text) {
        require(first && !value.isEmpty(), text);
        end();
        open = true;
        kind = value;
    }

    private void end() {
        if (open) {
            CompositeIndex index = CompositeIndex.wanted(requireParts(), ancestor, parts);
            index.check();
            indexes.add(index);
        }
        ancestor = false;
        parts = new ArrayList<>();
    }

    private String requireParts() {
        if (parts.isEmpty()) {
            throw RefusedException.invalid("index.yaml: the index of " + Validation.shown(kind) + " has no properties");
        }
        return kind;
    }

    private boolean isYes(String value, String text) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "yes", "true" -> true;
            case "no", "false" -> false;
            default -> throw unknown(text);
        };
    }

    private boolean isDown(String value, String text) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "desc" -> true;
            case "asc" -> false;
            default -> throw unknown(text);
        };
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1
                && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                && value.charAt(0) == value.charAt(value.length() - 1);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /** As it is written there. */
    static String word(String word) {
        return word.matches("[A-Za-z_][A-Za-z0-9_.-]*") ? word : '"' + word + '"';
    }

    private void require(boolean good, String text) {
        if (!good) {
            throw unknown(text);
        }
    }

    private RefusedException unknown(String text) {
        return RefusedException.invalid("index.yaml, line " + line + ": '" + Validation.shown(text)
                + "' is not expected; an index has kind, ancestor (yes or no) and properties, each with name and"
                + " direction (asc or desc)");
    }
}
