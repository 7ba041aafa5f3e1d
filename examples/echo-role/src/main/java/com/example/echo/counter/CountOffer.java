package com.example.echo.counter;

import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What other units of the node may ask for: the number that was given last. They keep one object through all swaps. */
@Component(service = LongSupplier.class, property = "protoplex.offer:Boolean=true")
public final class CountOffer implements LongSupplier {

    private final Count count;

    /** Waits for the file. */
    @Activate
    public CountOffer(@Reference Count count) {
        this.count = count;
    }

    @Override
    public long getAsLong() {
        return count.last();
    }
}
