package org.rowmill.store.parts;

import java.io.IOException;
import java.nio.file.Path;

/** A part that cannot be read. */
public final class DamagedPart extends IOException {

    private static final long serialVersionUID = 1;

    private final transient Part part;

    public DamagedPart(Part part, Exception cause) {
        super(message(part.file(), cause), cause);
        this.part = part;
    }

    public Part part() {
        return part;
    }

    static String message(Path file, Exception cause) {
        return file + ": this part cannot be read (" + cause.getMessage() + "). Move it away, or go on without it by"
                + " --ignore-broken-parts: what it held is computed again";
    }
}
