package com.espra.protoplex.app.whiteboard;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each servlet context a folder of its own for what is temporary (Jakarta Servlet, section 4.8.1), which the library leaves to who
 * embeds it. They are in the data area of the generation's anchor, and go with it.
 */
final class TemporaryFolders implements ServletContextListener {

    private static final Logger LOG = LoggerFactory.getLogger(TemporaryFolders.class);

    private final Path parent;

    TemporaryFolders(Path parent) {
        this.parent = parent;
    }

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        Path folder =
                parent.resolve("context-" + context.getServletContextName().replaceAll("[^A-Za-z0-9_-]", "_"));
        try {
            context.setAttribute(
                    ServletContext.TEMPDIR, Files.createDirectories(folder).toFile());
        } catch (IOException e) {
            LOG.warn("the servlet context {} has no folder for what is temporary: {}", context.getContextPath(), e, e);
        }
    }
}
