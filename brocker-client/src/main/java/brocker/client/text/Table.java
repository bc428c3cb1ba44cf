package brocker.client.text;

import brocker.spec.Escaped;
import java.util.ArrayList;
import java.util.List;

/** Rows in aligned columns, three spaces apart. Cells are escaped. */
public final class Table {
    private static final int LEAST_LAST_COLUMN = 16;

    private final List<String[]> rows = new ArrayList<>();
    private final int[] widths;

    public Table(String... header) {
        this.widths = new int[header.length];
        row(header);
    }

    /** Adds a row with as many cells as the header. */
    public void row(String... cells) {
        String[] row = new String[widths.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = Escaped.of(cells[i]);
            widths[i] = Math.max(widths[i], width(row[i]));
        }
        rows.add(row);
    }

    /**
     * The table, every line ended by a newline.
     *
     * @param limit the columns of the terminal, to which the last cell is cut; {@link Integer#MAX_VALUE} for none
     */
    public String text(int limit) {
        StringBuilder text = new StringBuilder();
        int last = widths.length - 1;
        for (String[] row : rows) {
            int used = 0;
            for (int i = 0; i < last; i++) {
                text.append(row[i]);
                for (int pad = width(row[i]); pad < widths[i] + 3; pad++) {
                    text.append(' ');
                }
                used += widths[i] + 3;
            }
            text.append(cut(row[last], Math.max(LEAST_LAST_COLUMN, limit - used)))
                    .append('\n');
        }
        return text.toString();
    }

    private static String cut(String cell, int most) {
        return width(cell) <= most ? cell : cell.substring(0, cell.offsetByCodePoints(0, most - 1)) + "…";
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
