package com.espra.protoplex.test.swap;

import static org.junit.Assert.assertEquals;

import com.espra.protoplex.test.support.Await;
import com.espra.protoplex.test.support.FelixTest;
import com.espra.protoplex.test.support.TestBundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

/** The platform that the other tests run on. */
public class PlatformIT extends FelixTest {

    @Test
    public void everyBundleOfThePlatformStarts() {
        List<Bundle> idle = Arrays.stream(context().getBundles())
                .filter(bundle -> bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null)
                .filter(bundle -> bundle.getState() != Bundle.ACTIVE)
                .toList();
        assertEquals(List.of(), idle);
    }

    @Test
    public void aBundleMadeFromSourceRunsItsComponents() throws Exception {
        Path jar = TestBundle.named("com.example.hello").source("""
                        package com.example.hello;
                        import org.osgi.service.component.annotations.*;
                        @Component(service = Runnable.class)
                        public class Hello implements Runnable {
                            @Override public void run() { }
                        }
                        """).build(Files.createTempDirectory("bundles"));
        Bundle bundle = context().installBundle(jar.toUri().toString());
        try {
            bundle.start();
            Await.until("the component's service", Duration.ofSeconds(5), () -> bundle.getRegisteredServices() != null);
        } finally {
            bundle.uninstall();
        }
    }
}
