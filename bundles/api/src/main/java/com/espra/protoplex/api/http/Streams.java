package com.espra.protoplex.api.http;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The stream listeners of this process: a service.
 *
 * <p>Threads: safe from any.
 */
@ProviderType
public interface Streams {

    /** What became of the connections of each listener that is open. */
    List<StreamTraffic> traffic();
}
