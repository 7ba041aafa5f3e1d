package com.espra.protoplex.seed.web;

import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.sign.Author;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The authors whose builds are taken. Their files are read anew for each build: the command makes an author's key at the first push,
 * and an author can be added while the Seed runs.
 */
public final class TrustedAuthors {

    private static final Logger LOG = LoggerFactory.getLogger(TrustedAuthors.class);

    private final List<String> configured;

    /**
     * @param configured files with public keys, or public keys in base64
     */
    public TrustedAuthors(List<String> configured) {
        this.configured = List.copyOf(configured);
    }

    List<Author> now() {
        List<Author> authors = new ArrayList<>();
        for (String each : configured) {
            try {
                authors.add(isFile(each) ? Author.read(Path.of(each)) : Author.parse(each));
            } catch (BuildException | IOException e) {
                LOG.warn("the trusted author '{}' is left out: {}", each, e.getMessage());
            }
        }
        return authors;
    }

    private static boolean isFile(String text) {
        try {
            return Files.exists(Path.of(text));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
