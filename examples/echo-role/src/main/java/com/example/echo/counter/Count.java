package com.example.echo.counter;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.condition.Condition;

/**
 * Has the file while its version is the live one: at a swap the version before closes it, then this one opens it, and requests that come
 * meanwhile wait. Other units of the node may ask it for the number: it is offered.
 */
@Component(
        service = {Count.class, LongSupplier.class},
        property = "protoplex.offer:Boolean=true")
public final class Count implements LongSupplier {

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
    @Override
    public long getAsLong() {
        return file.last();
    }
}
