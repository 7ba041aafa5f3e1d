package com.espra.protoplex.agent.fetch;

import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.sign.Author;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The authors whose builds this node runs.
 *
 * @param entries public keys: the text of one, or the path of a file that holds one. Files are read anew for every build
 */
public record Trust(List<String> entries) {

    private static final Logger LOG = LoggerFactory.getLogger(Trust.class);

    /** Keeps a copy. */
    public Trust {
        entries = List.copyOf(entries);
    }

    /** Those of them that can be read; the others are logged. */
    List<Author> authors() {
        List<Author> authors = new ArrayList<>();
        for (String entry : entries) {
            try {
                Path file = Path.of(entry);
                authors.add(Files.isRegularFile(file) ? Author.read(file) : Author.parse(entry));
            } catch (BuildException e) {
                LOG.warn("trust.authors: '{}' is left out: {}; {}", entry, e.getMessage(), e.remedy());
            } catch (IOException e) {
                LOG.warn("trust.authors: {} is left out: it cannot be read: {}", entry, e.getMessage());
            }
        }
        return authors;
    }
}
