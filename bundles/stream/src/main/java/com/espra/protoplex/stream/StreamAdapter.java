package com.espra.protoplex.stream;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.swap.Generation;
import com.espra.protoplex.api.swap.GenerationAdapter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Connects each generation to the stream listeners that its handlers name. */
@Component
public final class StreamAdapter implements GenerationAdapter {

    private final StreamListeners listeners;

    @Activate
    public StreamAdapter(@Reference StreamListeners listeners) {
        this.listeners = listeners;
    }

    @Override
    public Binding bind(Generation generation, Backend backend) {
        return new StreamBinding(generation, backend, listeners.names(), listeners.others(), listeners.elsewhere());
    }
}
