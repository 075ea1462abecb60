package org.rowmill.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourcesTest {

    private final List<String> closed = new ArrayList<>();
    private final List<Exception> failures = new ArrayList<>();

    @Test
    void allResourcesAreClosedOnceInReverseOrderEvenIfOneFails() {
        Resources resources = new Resources(failures::add);
        resources.opened(() -> closed.add("first"));
        resources.opened(() -> {
            throw new IOException("stuck");
        });
        resources.opened(() -> closed.add("last"));

        resources.close();
        resources.close();

        assertThat(closed).containsExactly("last", "first");
        assertThat(failures).singleElement().satisfies(e -> assertThat(e).hasMessage("stuck"));
    }
}
