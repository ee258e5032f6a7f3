//! Stores, products, calendar, sales and their neighbours; the generator; CSV import; availability.
