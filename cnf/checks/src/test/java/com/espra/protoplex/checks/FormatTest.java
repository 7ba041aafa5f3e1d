package com.espra.protoplex.checks;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/**
 * All Java here has one format, that of palantir-java-format. {@code mvn test -pl cnf/checks -Dformat=write} brings it about.
 *
 * <p>This is a test and no plugin, so that it runs on the JDK that the sources are for, whatever JDK Maven runs on.
 */
public class FormatTest {

    private final Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .formatJavadoc(false)
            .build());

    @Test
    public void everySourceIsFormatted() throws Exception {
        List<Path> sources = Repository.files(file -> file.toString().endsWith(".java"));
        assertFalse("no sources below " + Repository.ROOT, sources.isEmpty());
        List<String> unformatted = new ArrayList<>();
        for (Path source : sources) {
            String text = Files.readString(source);
            String formatted = format(text);
            if (!formatted.equals(text)) {
                if ("write".equals(System.getProperty("format"))) {
                    Files.writeString(source, formatted);
                } else {
                    unformatted.add(Repository.ROOT.relativize(source).toString());
                }
            }
        }
        assertTrue(
                "not formatted (mvn test -pl cnf/checks -Dformat=write does it): " + unformatted,
                unformatted.isEmpty());
    }

    private String format(String text) throws Exception {
        return formatter.formatSource(ImportOrderer.reorderImports(
                RemoveUnusedImports.removeUnusedImports(text), JavaFormatterOptions.Style.PALANTIR));
    }
}
