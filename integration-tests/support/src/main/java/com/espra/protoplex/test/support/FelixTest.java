package com.espra.protoplex.test.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerSuite;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/**
 * A test whose methods run inside a Felix framework that has the bundles of a folder. All classes that a JVM runs share one
 * framework: each leaves it as it was. Modules fill the folder with the maven-dependency-plugin; override {@link #options} to
 * add to it.
 *
 * <p>This package is the framework's own in there (a system package), so {@link TestBundle} and {@link Await} work inside as
 * they do outside. A subclass must not use {@code @Before} of a class that is on the class path alone.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerSuite.class)
public abstract class FelixTest {

    /** For subclasses. */
    protected FelixTest() {}

    /** What Pax Exam starts. */
    @Configuration
    public Option[] configuration() {
        try {
            return options(FelixOptions.over(Path.of("target", "bundles"))).toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds to, or replaces, what the framework starts with. */
    protected FelixOptions options(FelixOptions options) {
        return options;
    }

    /** The context of the bundle that holds the test, inside the framework. */
    protected final BundleContext context() {
        return FrameworkUtil.getBundle(getClass()).getBundleContext();
    }
}
