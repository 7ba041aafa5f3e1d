package com.espra.protoplex.files.s3files;

import java.lang.annotation.Annotation;

/** What the feature says, for tests. */
@SuppressWarnings("BadAnnotationImplementation")
record FakeS3FilesConfig(int cacheMiB) implements S3FilesConfig {

    @Override
    public Class<? extends Annotation> annotationType() {
        return S3FilesConfig.class;
    }

    @Override
    public String[] protoplex_path() {
        return new String[] {"/files/*"};
    }

    @Override
    public String[] protoplex_host() {
        return new String[] {"*"};
    }

    @Override
    public int maxAgeDays() {
        return 30;
    }

    @Override
    public int compareSeconds() {
        return 3600;
    }

    @Override
    public int patienceSeconds() {
        return 10;
    }
}
