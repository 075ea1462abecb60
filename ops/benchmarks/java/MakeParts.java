import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.rowmill.store.parts.PartDirectory;
import org.rowmill.store.parts.PartFileWriter;
import org.rowmill.store.parts.PartFooter;

/** Adds parts with a few rows each to a table whose first part a run has written. */
public class MakeParts {
    private static final int ROW_GROUP_BYTES = 1 << 20;

    public static void main(String[] arguments) throws Exception {
        Path table = Path.of(arguments[0]);
        int parts = Integer.parseInt(arguments[1]);
        int rows = Integer.parseInt(arguments[2]);
        PartFooter footer;
        long last;
        try (PartDirectory directory = new PartDirectory(table)) {
            footer = directory.parts().get(0).footer();
            last = directory.lastSequence();
        }
        for (int part = 1; part < parts; part++) {
            String name = String.format(Locale.ROOT, "part-%08d-%s.parquet", last + part, footer.run());
            try (PartFileWriter writer = new PartFileWriter(table.resolve(name), footer, ROW_GROUP_BYTES)) {
                for (int index = part * rows; index < (part + 1) * rows; index++) {
                    writer.write(List.<Object>of(index, index * 3L + 1).toArray());
                }
                writer.finish();
            }
        }
    }
}
