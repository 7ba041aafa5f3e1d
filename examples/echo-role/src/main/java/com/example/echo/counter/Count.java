package com.example.echo.counter;

import java.io.IOException;
import java.nio.file.Path;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.condition.Condition;

/**
 * Has the file while its version is the live one: at a swap the version before closes it, then this one opens it, and requests that come
 * meanwhile wait.
 */
@Component(service = Count.class)
public final class Count {

    private final CountFile file;

    /** Opens the file in the node's folder. */
    @Activate
    public Count(@Reference(target = "(osgi.condition.id=protoplex.live)") Condition live, BundleContext context)
            throws IOException {
        file = new CountFile(Path.of(String.valueOf(context.getProperty("protoplex.data")), "data", "echo", "count"));
    }

    @Deactivate
    void close() throws IOException {
        file.close();
    }

    long next() {
        return file.next();
    }

    /** The number that was given last. */
    long last() {
        return file.last();
    }
}
