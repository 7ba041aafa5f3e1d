package com.example.echo.counter;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code protoplex shell NODE echo:count}. */
@Component(
        service = CountCommand.class,
        property = {"osgi.command.scope=echo", "osgi.command.function=count"})
public final class CountCommand {

    private final Count count;

    /** Waits for the file. */
    @Activate
    public CountCommand(@Reference Count count) {
        this.count = count;
    }

    /** The number that was given last. */
    public long count() {
        return count.last();
    }
}
