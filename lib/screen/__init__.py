"""With app.py and pages/, the only door to Streamlit."""
