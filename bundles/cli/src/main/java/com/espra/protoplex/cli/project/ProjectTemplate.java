package com.espra.protoplex.cli.project;

import com.espra.protoplex.cli.CliException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** A new project: an app or a role, its test, and a build that needs Maven and nothing else. */
public final class ProjectTemplate {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final int LONGEST_NAME = 63;

    private ProjectTemplate() {}

    /**
     * The files of a project, by their path in it.
     *
     * @param role whether it is a role's
     * @throws CliException with status 2 if none can have this name
     */
    public static Map<String, String> files(String name, boolean role) throws IOException {
        if (!NAME.matcher(name).matches() || name.length() > LONGEST_NAME) {
            throw CliException.usage(
                    "'" + name + "' cannot be the name of " + (role ? "a role" : "an app"),
                    "use at most 63 lower-case letters, digits and hyphens, with a letter first: my-app");
        }
        String pack = "com.example." + name.replace("-", "");
        String folder = pack.replace('.', '/');
        Map<String, String> places = role ? role(name, folder) : app(folder);
        places.put(".gitignore", "gitignore");
        Map<String, String> files = new LinkedHashMap<>();
        for (Map.Entry<String, String> place : places.entrySet()) {
            String text = read(place.getValue()).replace("@NAME@", name).replace("@PACKAGE@", pack);
            files.put(place.getKey(), text);
        }
        return files;
    }

    private static Map<String, String> app(String folder) {
        Map<String, String> places = new LinkedHashMap<>();
        places.put("pom.xml", "pom.xml");
        places.put("bnd.bnd", "bnd.bnd");
        places.put("src/main/java/" + folder + "/HelloServlet.java", "HelloServlet.java");
        places.put("src/test/java/" + folder + "/HelloServletTest.java", "HelloServletTest.java");
        places.put("README.md", "README.md");
        return places;
    }

    private static Map<String, String> role(String name, String folder) {
        Map<String, String> places = new LinkedHashMap<>();
        places.put("pom.xml", "role/pom.xml");
        places.put("bnd.bnd", "role/bnd.bnd");
        places.put("src/main/feature/" + name + ".json", "role/feature.json");
        places.put("src/main/java/" + folder + "/Counter.java", "role/Counter.java");
        places.put("src/main/java/" + folder + "/CounterServlet.java", "role/CounterServlet.java");
        places.put("src/test/java/" + folder + "/CounterTest.java", "role/CounterTest.java");
        places.put("README.md", "role/README.md");
        return places;
    }

    /**
     * Writes a project into a folder of its own.
     *
     * @throws CliException with status 1 if something is there already
     */
    public static void write(Path folder, Map<String, String> files) throws IOException {
        if (Files.exists(folder)) {
            throw CliException.refused(folder + " exists already", "choose another name, or move it away");
        }
        for (Map.Entry<String, String> entry : files.entrySet()) {
            Path file = folder.resolve(entry.getKey());
            Files.createDirectories(file.resolveSibling("."));
            Files.writeString(file, entry.getValue());
        }
    }

    private static String read(String name) throws IOException {
        try (InputStream in = ProjectTemplate.class.getResourceAsStream("template/" + name + ".template")) {
            if (in == null) {
                throw new FileNotFoundException("template/" + name + ".template");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
