package com.espra.protoplex.proxy.server;

import com.espra.protoplex.api.directory.Directory;
import java.time.Instant;
import java.util.Optional;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Whether what the proxy knows of the fleet is of now. It serves by what it knows, whatever this says. */
@Component(
        service = HealthCheck.class,
        property = {HealthCheck.NAME + "=proxy", HealthCheck.TAGS + "=ready"})
public final class ProxyHealth implements HealthCheck {

    private final Directory directory;

    /** @param directory who is in the fleet */
    @Activate
    public ProxyHealth(@Reference Directory directory) {
        this.directory = directory;
    }

    @Override
    public Result execute() {
        Optional<Instant> time = directory.snapshot().map(fleet -> fleet.time());
        if (time.isEmpty()) {
            return new Result(
                    Result.Status.WARN, "this node has not heard of its fleet yet: only what is configured is relayed");
        }
        return directory.isCurrent()
                ? new Result(Result.Status.OK, "it knows the fleet as it is")
                : new Result(Result.Status.WARN, "the Seed is away: it serves by the directory of " + time.get());
    }
}
